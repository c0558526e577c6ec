import { visitId } from '../../contracts/ids.ts';
import type { Decision } from '../../contracts/verbs.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';

/** The decision on a task as the history has it; `undefined` where there is none. */
export function recordedDecision({ view, task }: { view: Pick<InstanceView, 'steps'>; task: string }): Decision | undefined {
  for (const { step, visits } of view.steps) {
    const visit = visits.find((one) => visitId({ step, visit: one.visit }) === task);
    if (!visit?.decision) continue;
    // A human step gives the decision and who took it.
    const { decidedBy: _, ...decision } = visit.output as Record<string, unknown>;
    return { task, decidedBy: visit.decision.by, decidedAt: visit.decision.at, decision };
  }
  return undefined;
}

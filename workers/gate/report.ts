import type { Difference } from './difference.ts';
import type { Instance } from './instances.ts';

export interface Divergence extends Difference {
  readonly instance: Instance;
}

/** What the gate found, in words and for machines. */
export interface GateReport {
  readonly safe: number;
  readonly diverging: readonly Divergence[];
  /** Running instances that go on with the build of today's source from now on. */
  readonly moved: number;
}

/** For example "409 safe, 3 diverge at step approveInvoice: pin those". */
export function summaryOf({ safe, diverging }: GateReport): string {
  const bySteps = new Map<string, number>();
  for (const { step } of diverging) bySteps.set(placeOf(step), (bySteps.get(placeOf(step)) ?? 0) + 1);
  const parts = [...bySteps].sort(([, one], [, other]) => other - one).map(([place, times]) => `${times} ${times === 1 ? 'diverges' : 'diverge'} ${place}`);
  return [`${safe} safe`, ...parts].join(', ') + (parts.length > 0 ? ': pin those' : '');
}

export function inWords(report: GateReport): string {
  const { diverging, moved } = report;
  return [
    ...diverging.map(({ instance, step, why }) => `${instance.id} (${instance.running ? 'running' : 'finished'}${instance.build === undefined ? '' : `, build ${instance.build}`}) ${placeOf(step)}: ${why}`),
    summaryOf(report),
    ...(moved > 0 ? [`${moved} moved to the build of today's source`] : []),
  ].join('\n');
}

export function forMachines(report: GateReport): string {
  const diverging = report.diverging.map(({ instance: { id, runId, process, running, build }, step, why }) => ({ id, runId, process, running, build: build ?? null, step: step ?? null, why }));
  return JSON.stringify({ ...report, diverging, summary: summaryOf(report) }, null, 2);
}

const placeOf = (step: string | undefined): string => (step === undefined ? 'before the first step' : `at step ${step}`);

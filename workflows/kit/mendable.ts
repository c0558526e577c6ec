import type { z } from 'zod';
import { compensatedSchema, CompensationResult } from '../../contracts/define/activity.ts';
import { compensatedLimit } from '../../contracts/define/limits.ts';
import type { ProcessContract, StepContract } from '../../contracts/define/process.ts';
import { When } from '../../contracts/define/timer.ts';
import { undoneAt } from '../../contracts/ids.ts';
import type { IncidentMemo } from '../../contracts/verbs.ts';
import { compensationAt } from './hand-over.ts';

/** What a person may give a step that is held up. */
export interface Mendable {
  /** Another input; `limit` in bytes of JSON, where it is not that of a step. */
  readonly input?: { readonly schema: z.ZodType; readonly limit?: number };
  /** The output that it did not give. */
  readonly output?: z.ZodType;
}

type Kinds = { readonly [K in StepContract['contract']]: (contract: Extract<StepContract, { contract: K }>) => Mendable };

const kinds: Kinds = {
  activity: ({ input, output }) => ({ input: { schema: input }, output }),
  process: ({ input, output }) => ({ input: { schema: input }, output }),
  // Its output is a decision, which is for its people to take.
  task: ({ input }) => ({ input: { schema: input } }),
  timer: (contract) => (contract.for === undefined ? { input: { schema: When } } : {}),
  message: () => ({}),
  optional: ({ asks }) => mendableAs(asks),
};

const mendableAs = (contract: StepContract): Mendable => (kinds[contract.contract] as (contract: StepContract) => Mendable)(contract);

/** What may be given to whom an incident holds up: by the contracts alone, since a verb may come before the flow of a new run has reached the step again. */
export function mendable({ process, activityId, memo: { step, of } }: { process: ProcessContract; activityId: string; memo: IncidentMemo }): Mendable {
  if (of === 'compensation') {
    const contract = compensationAt({ process, path: undoneAt(activityId).split('/') });
    return { input: { schema: compensatedSchema(contract), limit: compensatedLimit }, output: CompensationResult };
  }
  const contract = process.steps[step];
  // What a person is shown is placed for its task, under an id of its own.
  return contract && !activityId.startsWith('show:') ? mendableAs(contract) : {};
}

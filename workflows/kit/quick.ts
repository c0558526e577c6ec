import { ApplicationFailure, isCancellation, scheduleLocalActivity } from '@temporalio/workflow';
import type { ActivityBounds } from '../../contracts/define/activity.ts';
import { milliseconds } from '../../contracts/define/duration.ts';
import { quickInARow, quickLimit, utf8Length } from '../../contracts/define/limits.ts';
import type { QuickAnswer, QuickEnvelope } from '../../contracts/quick.ts';
import { isTemporalFailure, stopIfCancelled } from './failure.ts';
import { Scope } from './scopes.ts';

/** Milliseconds in which the worker itself gives up and says so, before Temporal does for it. */
const margin = 2_000;

interface Attempt {
  readonly contract: ActivityBounds & { readonly name: string; readonly title: string };
  readonly input: unknown;
  readonly envelope: QuickEnvelope;
}

export type QuickSteps = ReturnType<typeof createQuickSteps>;

/** The first attempts of quick steps, which the workflow worker makes itself. */
export function createQuickSteps() {
  let inARow = 0;
  // One that ends while its cancellation is asked for is too much for Temporal, which then fails the workflow task over and over. So nobody asks: such an attempt is short.
  let uncancelled: Scope | undefined;
  return {
    /** Whether the next attempt may be such a one. Decided by what the flow does alone, so that it comes out the same in a replay. */
    mayBegin: (input: unknown): boolean => inARow < quickInARow && utf8Length(JSON.stringify(input) ?? '') < quickLimit / 2,
    /** An ordinary step was answered: what was told before it, Temporal has. */
    rest(): void {
      inARow = 0;
    },
    /** `undefined` where the step must go on as an ordinary one. Throws what the business refuses. */
    attempt({ contract, input, envelope }: Attempt): Promise<{ readonly output: unknown } | undefined> {
      inARow += 1;
      uncancelled ??= new Scope({ cancellable: false });
      const attempted = uncancelled.run(() =>
        scheduleLocalActivity<QuickAnswer>(contract.name, [input, envelope], {
          startToCloseTimeout: milliseconds(contract.startToCloseTimeout) + margin,
          retry: { maximumAttempts: 1 },
          summary: contract.title,
        }),
      );
      const concluded = (answer?: QuickAnswer): { readonly output: unknown } | undefined => {
        if (answer && !answer.failure) return { output: answer.output };
        if (answer?.failure?.type === 'Rejected') throw ApplicationFailure.nonRetryable(answer.failure.message, 'Rejected');
        stopIfCancelled(`step "${envelope.step}"`);
        return undefined;
      };
      // By callbacks, since each await is promises more, of each of which the SDK keeps the stack trace.
      return attempted.then(concluded, (error: unknown) => concluded(untold(error)));
    },
  };
}

/** Temporal gave the attempt up before the worker did. */
function untold(error: unknown): undefined {
  if (!isTemporalFailure(error) || isCancellation(error)) throw error;
}

import { ApplicationFailure } from '@temporalio/workflow';
import { brief } from '../../contracts/define/issues.ts';
import { notPermitted, unexpected } from '../../contracts/failures.ts';
import { DecideSignal, decideSignal, memoKeys, type SignalVerdict } from '../../contracts/verbs.ts';
import { checkedInput } from './checked.ts';
import { createVerdicts, fieldOf, onSignal, textOf } from './signals.ts';
import type { Tasks } from './tasks.ts';
import type { Waits } from './waits.ts';

type Verdict = Omit<SignalVerdict, 'at'>;

/** Takes decisions by signal, from whoever has access to Temporal itself. */
export function takeDecisions({ tasks, waits, carried }: { tasks: Tasks; waits: Waits; carried: readonly object[] | undefined }): { told(): readonly object[] } {
  const verdicts = createVerdicts<Verdict>({ waits, key: memoKeys.signals, carried });
  onSignal({ name: decideSignal, description: 'Decide an open task: { task, actor: { user, groups }, decision }', act: (read) => verdicts.tell(decide(read)) });
  return { told: verdicts.all };

  /** A signal cannot be refused, so what became of it is told in the memo. */
  function decide(read: () => unknown): Verdict {
    let whom = { task: '?', user: '?' };
    try {
      const raw = read();
      whom = { task: textOf(fieldOf(raw, 'task')), user: textOf(fieldOf(fieldOf(raw, 'actor'), 'user')) };
      const completion = checkedInput({ schema: DecideSignal, value: raw, what: `signal "${decideSignal}"` });
      tasks.checkComplete(completion);
      if (!tasks.takesSignals(completion.task)) throw notPermitted(`task "${completion.task}" takes decisions through the API only, not by signal`);
      tasks.complete(completion);
      return { ...whom, refused: null };
    } catch (error) {
      const { type, message } = error instanceof ApplicationFailure ? error : unexpected(String(error));
      return { ...whom, refused: { type: type ?? 'Unexpected', message: brief(message) } };
    }
  }
}

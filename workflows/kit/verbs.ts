import { ApplicationFailure, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { notPermitted, unexpected } from '../../contracts/failures.ts';
import {
  DecideSignal,
  decideSignal,
  memoKeys,
  type SignalVerdict,
  type UpdateAnswers,
  type UpdateInput,
  type UpdateName,
  updates,
} from '../../contracts/verbs.ts';
import { brief, checkedInput } from './checked.ts';
import { inTime } from './in-time.ts';
import type { Instance } from './instance.ts';

/** Each signal writes the list anew: were it unbounded, some hundred signals would fill the history. */
const keptVerdicts = 20;

/** Lets people act on the instance. Must run before the flow first waits: a verb may come with the first workflow task. */
export function listen({ tasks, incidents, waits }: Instance): void {
  on('task.claim', tasks.verbs.checkClaim, tasks.verbs.claim);
  on('task.release', tasks.verbs.checkRelease, tasks.verbs.release);
  on(
    'task.complete',
    ({ validUntil, ...completion }) => {
      inTime(validUntil);
      tasks.checkComplete(completion);
    },
    tasks.complete,
  );
  on('incident.retry', incidents.verbs.checkRetry, incidents.verbs.retry);
  on('incident.fail', incidents.verbs.checkFail, incidents.verbs.fail);

  let verdicts: readonly SignalVerdict[] = [];
  setHandler(
    defineSignal<[unknown]>(decideSignal),
    (raw) => {
      const { task, user, refused } = decide(raw);
      verdicts = [...verdicts, { task, user, at: new Date().toISOString(), refused }].slice(-keptVerdicts);
      waits.note({ [memoKeys.signals]: verdicts });
    },
    { description: 'Decide an open task: { task, actor: { user, groups }, decision }' },
  );

  /** A signal cannot be refused, so what became of it is told in the memo. */
  function decide(raw: unknown): Pick<SignalVerdict, 'task' | 'user' | 'refused'> {
    const whom = { task: text(raw, 'task'), user: text(text.at(raw, 'actor'), 'user') };
    try {
      const completion = checkedInput({ schema: DecideSignal, value: raw, what: `signal "${decideSignal}"` });
      tasks.checkComplete(completion);
      if (!tasks.takesSignals(completion.task)) {
        throw notPermitted(`task "${completion.task}" takes decisions through the API only, not by signal`);
      }
      tasks.complete(completion);
      return { ...whom, refused: null };
    } catch (error) {
      const { type, message } = error instanceof ApplicationFailure ? error : unexpected(String(error));
      return { ...whom, refused: { type: type ?? 'Unexpected', message: brief(message) } };
    }
  }
}

/** One update: its arguments are checked by their schema, then by the verb's own rules; a refusal leaves no event. */
function on<N extends UpdateName>(
  name: N,
  check: (input: UpdateInput<N>) => void,
  act: (input: UpdateInput<N>) => UpdateAnswers[N],
): void {
  const parse = (raw: unknown): UpdateInput<N> => checkedInput({ schema: updates[name], value: raw, what: `update "${name}"` }) as UpdateInput<N>;
  setHandler(defineUpdate<UpdateAnswers[N], [unknown]>(name), (raw) => act(parse(raw)), { validator: (raw) => check(parse(raw)) });
}

/** A field of something that may be anything. */
function text(from: unknown, field: string): string {
  const value = text.at(from, field);
  return typeof value === 'string' ? brief(value, 100) : '?';
}
text.at = (from: unknown, field: string): unknown =>
  typeof from === 'object' && from !== null ? Object.entries(from).find(([key]) => key === field)?.[1] : undefined;

import { defineUpdate, setHandler } from '@temporalio/workflow';
import { type UpdateAnswers, type UpdateInput, type UpdateName, updates } from '../../contracts/verbs.ts';
import { checkedInput } from './checked.ts';
import { inTime } from './in-time.ts';
import type { Instance } from './instance.ts';

/** Lets people act on the instance. Must run before the flow first waits: a verb may come with the first workflow task. */
export function listen(instance: Instance): void {
  const { tasks, incidents } = instance;
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
  on('incident.skip', incidents.verbs.checkSkip, incidents.verbs.skip);
  on('incident.fail', incidents.verbs.checkFail, incidents.verbs.fail);
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

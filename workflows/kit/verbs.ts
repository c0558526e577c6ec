import { defineQuery, defineUpdate, setHandler } from '@temporalio/workflow';
import { type RewindAnswer, rewindQuery } from '../../contracts/rewind.ts';
import { type UpdateAnswers, type UpdateInput, type UpdateName, updates } from '../../contracts/verbs.ts';
import { checkedInput } from './checked.ts';
import { inTime } from './in-time.ts';
import type { Instance } from './instance.ts';

/** Lets people act on the instance. Must run before the flow first waits: a verb may come with the first workflow task. */
export function listen(instance: Instance): void {
  const { tasks, incidents, gate, rewind } = instance;
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
  on('incident.supply', incidents.verbs.checkSupply, incidents.verbs.supply);
  on('incident.skip', incidents.verbs.checkSkip, incidents.verbs.skip);
  on('incident.fail', incidents.verbs.checkFail, incidents.verbs.fail);
  on('incidents.resolve', incidents.verbs.checkResolve, incidents.verbs.resolve);
  on('incident.edit', incidents.verbs.checkEdit, incidents.verbs.edit);
  on('instance.pause', gate.verbs.checkPause, gate.verbs.pause);
  on('instance.resume', gate.verbs.checkResume, gate.verbs.resume);
  on('instance.rewind', rewind.verbs.check, rewind.verbs.rewind);
  setHandler(defineQuery<RewindAnswer, [Parameters<typeof rewind.answer>[0]]>(rewindQuery), rewind.answer);
  on(
    'instance.priority',
    ({ validUntil }) => inTime(validUntil),
    ({ actor, priority, reason }) => ({ by: actor.user, at: new Date().toISOString(), priority, reason }),
  );
  on(
    'instance.note',
    ({ validUntil }) => inTime(validUntil),
    ({ actor, text }) => ({ by: actor.user, at: new Date().toISOString(), text }),
  );
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

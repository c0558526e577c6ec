import { setTimeout as pause } from 'node:timers/promises';
import { createTokenStore } from '../api/tokens/store.ts';
import type { RewindPlan } from '../contracts/rewind.ts';
import { placeOf } from '../contracts/ids.ts';
import { type ApiUser, createApiUser, Refused } from '../demo/api-client.ts';
import type { Platform } from '../launch/platform.ts';
import type { InstanceView } from '../visibility/instance-view.ts';
import type { Ended } from './led.ts';
import type { Sample } from './sample.ts';

/** Milliseconds for which a part may be away before those who wait for it give up; and between two tries. */
const [patience, glance] = [120_000, 500];

export type People = Awaited<ReturnType<typeof hirePeople>>;

/** Everybody whom the samples' processes need, as users of the public API: one who starts, resolves and cancels, and one for each task. */
export async function hirePeople({ platform: { apiUrl, apiDataDir }, samples }: { platform: Pick<Platform, 'apiUrl' | 'apiDataDir'>; samples: readonly Sample[] }) {
  const store = createTokenStore({ directory: apiDataDir });
  const user = async (spec: Parameters<typeof store.create>[0]): Promise<ApiUser> => createApiUser({ apiUrl, token: (await store.create(spec)).token });
  const operator = await user({ user: 'campaign', roles: ['operator', 'starter', 'viewer'], groups: [] });
  const deciders = new Map<string, ApiUser>();
  for (const { process } of samples) {
    for (const [step, contract] of Object.entries(process.steps)) {
      if (contract.contract !== 'task') continue;
      // Nobody has two tasks, so that four eyes are four.
      deciders.set(`${process.name}/${step}`, await user({ user: `${process.name}-${step}`, roles: ['worker'], groups: [...contract.candidateGroups] }));
    }
  }
  const at = (id: string): string => `/instances/${encodeURIComponent(id)}`;
  const view = (id: string): Promise<InstanceView> => persistently(() => operator.get(at(id)));
  const ended = async (id: string): Promise<Ended> => {
    const seen = await view(id);
    const subs = seen.steps.flatMap(({ visits }) => visits.flatMap(({ instance, startedAt }) => (instance === undefined || startedAt === null ? [] : instance)));
    return { view: seen, subs: await Promise.all(subs.map(ended)) };
  };
  return {
    view,
    /** An instance that has ended, and those that its steps ran. */
    ended,
    upload: (bytes: Uint8Array) => persistently(() => operator.upload<{ sha256: string; mediaType: string; size: number }>('/documents', bytes)),
    /** Asked again after an unknown outcome, it is the same request by its business key. */
    start: ({ process, businessKey, input }: { process: string; businessKey: string; input: unknown }) =>
      persistently(() => operator.post<{ id: string }>(`/processes/${process}/instances`, { input, businessKey })),
    decide: ({ id, process, step, task, decision }: { id: string; process: string; step: string; task: string; decision: unknown }) =>
      persistently(() => deciderOf(deciders, `${process}/${step}`).post<unknown>(`/tasks/${encodeURIComponent(`${id}/${task}`)}/complete`, { decision })),
    shown: async ({ id, process, step, task }: { id: string; process: string; step: string; task: string }): Promise<unknown> =>
      (await persistently(() => deciderOf(deciders, `${process}/${step}`).get<{ shown: unknown }>(`/tasks/${encodeURIComponent(`${id}/${task}`)}`))).shown,
    send: ({ id, name, message, payload }: { id: string; name: string; message: string; payload: unknown }) => persistently(() => operator.post<unknown>(`${at(id)}/messages/${name}`, { id: message, payload })),
    resolve: ({ id, incident, verb, more = {} }: { id: string; incident: string; verb: 'retry' | 'supply' | 'skip' | 'fail'; more?: object }) =>
      insistently(() => operator.post<unknown>(`${at(id)}/incidents/${encodeURIComponent(incident)}/${verb}`, { ...(verb === 'retry' ? {} : { reason }), ...more })),
    cancel: (id: string) => persistently(() => operator.post<unknown>(`${at(id)}/cancel`, { reason: 'cancelled by the campaign' })),
    pause: (id: string) => insistently(() => operator.post<unknown>(`${at(id)}/pause`, { reason })),
    resume: (id: string) => insistently(() => operator.post<unknown>(`${at(id)}/resume`)),
    rewindPlan: ({ id, place }: { id: string; place: string }) => {
      const { step, visit } = placeOf(place);
      return persistently(() => operator.get<RewindPlan>(`${at(id)}/rewind?step=${step}&visit=${visit}`));
    },
    /** `undefined` where nobody knows what it came to, since the answer was lost. `asked` is told each time that it may be heard. */
    rewind: ({ id, place, asked }: { id: string; place: string; asked: () => void }) =>
      insistently(() => {
        asked();
        return operator.post<RewindPlan>(`${at(id)}/rewind`, { ...placeOf(place), confirm: true, reason });
      }),
    /** Where that would do once more what cannot be undone. */
    rewindUnconfirmed: ({ id, place }: { id: string; place: string }) => persistently(() => operator.post<RewindPlan>(`${at(id)}/rewind`, { ...placeOf(place), reason })),
    prioritise: ({ id, priority }: { id: string; priority: number }) => persistently(() => operator.post<unknown>(`${at(id)}/priority`, { priority, reason })),
    /** When it has answered, the instance has gone on as far as it can with all that came before. */
    note: (id: string) => persistently(() => operator.post<unknown>(`${at(id)}/notes`, { text: 'the campaign looks at this' })),
    /** Says the same to all instances of a process, and waits until it was said; answers with those in which nobody heard it. */
    async tellAll({ verb, process }: { verb: 'pause' | 'resume'; process: string }): Promise<readonly string[]> {
      const { id } = await persistently(() => operator.post<{ id: string }>('/bulk', { verb, reason, filter: { process }, perSecond: 50 }));
      while ((await persistently(() => operator.get<{ status: string }>(`/bulk/${id}`))).status === 'running') await pause(glance);
      const { results } = await persistently(() => operator.get<{ results: readonly { instance: string }[] }>(`/bulk/${id}/results?outcome=failed`));
      return results.map(({ instance }) => instance);
    },
  };
}

/** Why the campaign does what it does. */
const reason = 'the campaign wants it so';

function deciderOf(deciders: ReadonlyMap<string, ApiUser>, key: string): ApiUser {
  const found = deciders.get(key);
  if (!found) throw new Error(`nobody was hired to decide ${key}`);
  return found;
}

/** What was not answered, or with 503, is asked again: each of these requests does the same when it comes twice. Any other refusal is an answer. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  const began = Date.now();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const away = !(error instanceof Refused) || error.problem.status === 503;
      if (!away || Date.now() - began > patience) throw error;
      await pause(glance);
    }
  }
}

/** The same for what is refused the second time, with 409, where the first was heard and its answer lost: then the answer is not known. */
async function insistently<T>(ask: () => Promise<T>): Promise<T | undefined> {
  let tries = 0;
  return persistently<T | undefined>(async () => {
    tries += 1;
    try {
      return await ask();
    } catch (error) {
      if (tries > 1 && error instanceof Refused && error.problem.status === 409) return undefined;
      throw error;
    }
  });
}

/** The problem that a call is answered with; `undefined` where it was done. */
export async function refusalOf(call: Promise<unknown>): Promise<Refused['problem'] | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
}

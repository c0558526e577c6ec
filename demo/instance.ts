import { setTimeout as pause } from 'node:timers/promises';
import type { SampleToken, SampleUser } from '../launch/people.ts';
import type { InstanceView } from '../visibility/instance-view.ts';
import { type ApiUser, createApiUser } from './api-client.ts';
import type { Row } from './demo.ts';

export type View = InstanceView & { readonly links?: { readonly webUi?: string | null } };

/** Milliseconds between two looks at an instance. */
const glance = 400;
/** A busy machine may fail a workflow task once or twice; a bug fails each of them. */
const triesOfCode = 5;

/** The public API as somebody uses it. Where there are several APIs, people use them in turn. */
export function apiOf({ apiUrls, tokens }: { apiUrls: readonly string[]; tokens: readonly SampleToken[] }, user: SampleUser): ApiUser {
  const at = tokens.findIndex((one) => one.user === user);
  const [token, apiUrl] = [tokens[at]?.token, apiUrls[at % apiUrls.length]];
  if (token === undefined || apiUrl === undefined) throw new Error(`there is no token for ${user}, or no API`);
  return createApiUser({ apiUrl, token });
}

export const viewOf = (operator: ApiUser, id: string): Promise<View> => operator.get<View>(`/instances/${encodeURIComponent(id)}`);

/** Looks at an instance again and again until it has ended; `tell` hears in words how it stands, when that changes. */
export async function followToEnd({ operator, id, look, tell }: { operator: ApiUser; id: string; look: (view: View) => Promise<string>; tell: (words: string) => void }): Promise<View> {
  let last = '';
  for (;;) {
    const view = await viewOf(operator, id);
    const now = await look(view);
    if (now !== '' && now !== last) tell(now);
    last = now || last;
    if (view.status !== 'running') return view;
    if (view.problem && view.problem.attempt > triesOfCode) throw new Error(`${id} does not go on, since the process's code fails: ${view.problem.message}`);
    await pause(glance);
  }
}

/** How an instance stands; empty in the moments between two steps. */
export function inWords({ status, steps, waitingFor, compensations, problem }: InstanceView): string {
  if (status !== 'running') return status;
  if (problem) return `does not go on: ${problem.message}`;
  const undoing = compensations.find(({ state }) => state === 'running' || state === 'retrying');
  if (undoing) return `undoes: ${undoing.title}`;
  if (waitingFor.length > 0) return `waits for ${waitingFor.map(({ name, why }) => `${name} (${why})`).join(', ')}`;
  const active = steps.filter(({ state }) => state === 'running' || state === 'retrying');
  if (active.length === 0) return steps.some(({ state }) => state !== 'notReached') ? 'goes on' : 'started';
  return active.map(({ title, state, visits }) => (state === 'retrying' ? `${title}: retrying after ${visits.at(-1)?.failure?.message ?? 'a failure'}` : title)).join(' and ');
}

/** What a row tells of an instance that has ended, those that its steps ran included. */
export function toldOf(view: View, parts: readonly View[] = []): Pick<Row, 'id' | 'status' | 'seconds' | 'decidedBy' | 'retried' | 'history'> {
  const visits = [view, ...parts].flatMap(({ steps }) => steps.flatMap(({ step, visits: all }) => all.map((visit) => ({ step, ...visit }))));
  const undoings = [view, ...parts].flatMap(({ compensations }) => compensations.map((one) => ({ ...one, step: `undo ${one.step}` })));
  return {
    id: view.id,
    status: view.status,
    seconds: (Date.parse(view.closedAt ?? '') - Date.parse(view.startedAt)) / 1000,
    decidedBy: visits.flatMap(({ step, decision }) => (decision ? [`${decision.by}: ${step} ${decision.outcome ?? ''}`.trim()] : [])),
    retried: [...visits, ...undoings].filter(({ attempts }) => attempts > 1).map(({ step, attempts }) => `${step} ×${attempts}`),
    history: view.links?.webUi ?? null,
  };
}

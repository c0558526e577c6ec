import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SampleToken } from '../launch/people.ts';
import { repository } from '../platform/repository.ts';
import { type Expectation, expectations } from '../samples/expectations.ts';
import type { Sandbox } from '../sandbox/start.ts';
import type { InstanceView } from '../visibility/instance-view.ts';
import { createApiUser } from './api-client.ts';
import { readBooks } from './books.ts';
import { workThroughInbox } from './people.ts';
import { differences } from './verdict.ts';

/** One document's way, as the table and `--json` tell it. */
export interface Row {
  readonly document: string;
  readonly id: string;
  readonly status: string;
  readonly expected: string;
  readonly ok: boolean;
  /** In minor units with its currency; `null` where no total was trusted. */
  readonly total: { readonly minorUnits: number; readonly currency: string } | null;
  readonly seconds: number;
  readonly decidedBy: readonly string[];
  readonly retried: readonly string[];
  /** The same execution in Temporal's Web UI. */
  readonly history: string | null;
  readonly differences: readonly string[];
}

type View = InstanceView & { readonly links?: { readonly webUi?: string | null } };

/** Milliseconds between two looks at an instance. */
const glance = 400;
/** A busy machine may fail a workflow task once or twice; a bug fails each of them. */
const triesOfCode = 5;

/** Hands in the twelve documents, lets the people work, and waits until every instance has ended. */
export async function runInvoices({ apiUrls, tokens, sandbox, tell }: { apiUrls: readonly string[]; tokens: readonly SampleToken[]; sandbox: Pick<Sandbox, 'systems' | 'env'>; tell: (line: string) => void }): Promise<readonly Row[]> {
  const apiOf = (user: string) => {
    const at = tokens.findIndex((one) => one.user === user);
    // Where there are several APIs, people use them in turn.
    const [token, apiUrl] = [tokens[at]?.token, apiUrls[at % apiUrls.length]];
    if (token === undefined || apiUrl === undefined) throw new Error(`there is no token for ${user}, or no API`);
    return createApiUser({ apiUrl, token });
  };
  const operator = apiOf('olga');
  const clerk = apiOf('petra');
  const documentOf = new Map<string, Expectation>();
  const dayIsOver = new AbortController();

  const people = ['petra', 'felix', 'tara'].map((user) =>
    workThroughInbox({
      api: apiOf(user),
      user,
      signal: dayIsOver.signal,
      mind: ({ instance, step }) => documentOf.get(instance)?.decisions.find((one) => one.step === step && one.user === user)?.decision,
    }),
  );

  const ended = new Map<string, Promise<View>>();
  const handIn = async (expectation: Expectation): Promise<View> => {
    if (expectation.after) await ended.get(expectation.after);
    const bytes = await readFile(join(repository, 'samples/documents', expectation.file));
    const document = await clerk.upload<object>('/documents', bytes);
    const { id } = await clerk.post<{ id: string }>('/processes/supplierInvoice/instances', { input: { document } });
    documentOf.set(id, expectation);
    let last = '';
    for (;;) {
      const view = await operator.get<View>(`/instances/${encodeURIComponent(id)}`);
      const now = inWords(view);
      if (now !== '' && now !== last) tell(`${expectation.file.padEnd(26)} ${now}`);
      last = now || last;
      if (view.status !== 'running') return view;
      if (view.problem && view.problem.attempt > triesOfCode) throw new Error(`${id} does not go on, since the process's code fails: ${view.problem.message}`);
      await pause(glance);
    }
  };

  try {
    for (const expectation of expectations) ended.set(expectation.file, handIn(expectation));
    // A person who cannot work is a reason to stop waiting for them.
    const views = await Promise.race([Promise.all([...ended.values()]), Promise.all(people).then((): never => { throw new Error('the people stopped working'); })]);
    const booksOf = await readBooks(sandbox);
    return views.map((view, at) => rowOf({ view, expectation: expectations[at] as Expectation, books: booksOf(view.id) }));
  } finally {
    dayIsOver.abort();
    await Promise.allSettled([...people, ...ended.values()]);
  }
}

/** Empty in the moments between two steps. */
function inWords({ status, steps, waitingFor, compensations, problem }: InstanceView): string {
  if (status !== 'running') return status;
  if (problem) return `does not go on: ${problem.message}`;
  const undoing = compensations.find(({ state }) => state === 'running' || state === 'retrying');
  if (undoing) return `undoes: ${undoing.title}`;
  if (waitingFor.length > 0) return `waits for ${waitingFor.map(({ name, why }) => `${name} (${why})`).join(', ')}`;
  const active = steps.filter(({ state }) => state === 'running' || state === 'retrying');
  if (active.length === 0) return steps.some(({ state }) => state !== 'notReached') ? 'goes on' : 'started';
  return active.map(({ title, state, visits }) => (state === 'retrying' ? `${title}: retrying after ${visits.at(-1)?.failure?.message ?? 'a failure'}` : title)).join(' and ');
}

function rowOf({ view, expectation, books }: { view: View; expectation: Expectation; books: Parameters<typeof differences>[0]['books'] }): Row {
  const found = differences({ expectation, view, books });
  const visits = view.steps.flatMap(({ step, visits: all }) => all.map((visit) => ({ step, ...visit })));
  return {
    document: expectation.file,
    id: view.id,
    status: view.status,
    expected: expectation.status,
    ok: found.length === 0,
    total: totalOf(view),
    seconds: (Date.parse(view.closedAt ?? '') - Date.parse(view.startedAt)) / 1000,
    decidedBy: visits.flatMap(({ step, decision }) => (decision ? [`${decision.by}: ${step} ${decision.outcome ?? ''}`.trim()] : [])),
    retried: [...visits, ...view.compensations.map((one) => ({ ...one, step: `undo ${one.step}` }))].filter(({ attempts }) => attempts > 1).map(({ step, attempts }) => `${step} ×${attempts}`),
    history: view.links?.webUi ?? null,
    differences: found,
  };
}

/** What the budget was asked for is the total that everybody trusts. */
function totalOf(view: View): Row['total'] {
  const input = view.steps.find(({ step }) => step === 'reserveBudget')?.visits[0]?.input;
  if (typeof input !== 'object' || input === null || !('amount' in input)) return null;
  return input.amount as Row['total'];
}

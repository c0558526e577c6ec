import { command } from '../../sandbox/command.ts';
import type { ApiUser } from '../api-client.ts';
import type { Row, Stage } from '../demo.ts';
import { apiOf, followToEnd, inWords, toldOf, type View, viewOf } from '../instance.ts';
import { type Mind, workThroughInbox } from '../people.ts';
import { type HireBooks, readHireBooks } from './books.ts';
import { answerContract } from './candidate.ts';
import { type ExpectedHire, hires } from './hires.ts';
import { createTurns, type Parts } from './turns.ts';
import { differences } from './verdict.ts';

export interface HireRow extends Row {
  readonly name: string;
  readonly title: string;
}

const day = 86_400_000;
const personOf = ({ name }: { name: string }) => ({ personnelNumber: `P-${name}`, email: `${name.toLowerCase()}@candidates.example` });

/** Has six people hired, lets everybody work, and waits until every instance has ended. */
export async function runHires({ sandbox, sandboxDir, tell, ...users }: Stage): Promise<readonly HireRow[]> {
  const [operator, hr] = [apiOf(users, 'olga'), apiOf(users, 'hanna')];
  const dayIsOver = new AbortController();
  const { signal } = dayIsOver;
  const people = (['hanna', 'ivo', 'fatima'] as const).map((user) => workThroughInbox({ api: apiOf(users, user), user, signal, mind }));

  const ended = new Map<string, Promise<View>>();
  const hire = async (expected: ExpectedHire): Promise<View> => {
    const { name, after, faults = [], answer } = expected;
    if (after !== undefined) await ended.get(after);
    for (const args of faults) tell((await command({ args, dataDir: sandboxDir })).trim());
    const { id } = await hr.post<{ id: string }>('/processes/employeeOnboarding/instances', { input: inputOf(expected) });
    const stepIn = createTurns({ expected, hr, operator });
    const look = async (view: View): Promise<string> => {
      const parts = await partsOf(operator, view);
      await stepIn(view, parts);
      return view.status === 'running' ? Object.values(parts).flatMap((part) => (part.status === 'running' ? `${part.process} ${inWords(part)}` : [])).join('; ') : view.status;
    };
    const answered = answer ? answerContract({ sandbox, ...personOf(expected), answer, signal }) : Promise.resolve();
    const [view] = await Promise.all([followToEnd({ operator, id, look, tell: (words) => tell(`${name.padEnd(6)} ${words}`) }), answered]);
    return view;
  };

  try {
    for (const expected of hires) ended.set(expected.name, hire(expected));
    // A person who cannot work is a reason to stop waiting for them.
    const views = await Promise.race([Promise.all([...ended.values()]), Promise.all(people).then((): never => { throw new Error('the people stopped working'); })]);
    await command({ args: ['clear'], dataDir: sandboxDir });
    const booksOf = await readHireBooks(sandbox);
    return await Promise.all(hires.map(async (expected, at) => {
      const view = views[at] as View;
      return rowOf({ expected, view, parts: await partsOf(operator, view), books: booksOf(personOf(expected)) });
    }));
  } finally {
    dayIsOver.abort();
    await Promise.allSettled([...people, ...ended.values()]);
  }
}

const inputOf = (expected: ExpectedHire): object => ({
  ...personOf(expected),
  name: expected.name,
  jobTitle: 'Engineer',
  department: 'engineering',
  manager: 'petra',
  bundle: 'standard',
  site: 'harbour',
  firstDay: new Date(Date.now() + day + (expected.deadlineIn ?? 20 * day)).toISOString(),
  ...expected.hire,
});

/** All is well, unless it is to be otherwise for this person. */
const mind: Mind = ({ instance, step }) => {
  const whose = hires.find((one) => `${instance}/`.includes(`/${personOf(one).personnelNumber}/`));
  const otherwise = whose?.decisions?.[step];
  return otherwise === undefined ? { outcome: step === 'approveTerms' ? 'approve' : 'ready' } : (otherwise ?? undefined);
};

/** The sub-processes that have begun. */
async function partsOf(operator: ApiUser, { steps }: View): Promise<Parts> {
  const begun = steps.flatMap(({ step, visits }) => visits.flatMap(({ instance, startedAt }) => (instance === undefined || startedAt === null ? [] : [{ step, instance }])));
  return Object.fromEntries(await Promise.all(begun.map(async ({ step, instance }) => [step, await viewOf(operator, instance)] as const)));
}

function rowOf({ expected, view, parts, books }: { expected: ExpectedHire; view: View; parts: Parts; books: HireBooks }): HireRow {
  const found = differences({ expected, view, parts, books });
  const told = toldOf(view, Object.values(parts));
  const supplied = Object.values(parts).flatMap(({ incidents }) => incidents.flatMap(({ step, resolution }) => (resolution?.verb === 'supply' ? [`${resolution.by}: ${step} supplied`] : [])));
  return { name: expected.name, title: expected.title, ...told, decidedBy: [...told.decidedBy, ...supplied], expected: expected.status, ok: found.length === 0, differences: found };
}

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IncidentGroup } from '../../api/incidents/list.ts';
import { schedulePayment } from '../../contracts/activities/payments.ts';
import { watch } from '../../contracts/watch.ts';
import { readBooks } from '../../demo/invoices/books.ts';
import { repository } from '../../platform/repository.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { ordinary, pdf } from './papers.ts';
import { type RunningPlatform, startRunningPlatform, stepOf } from './running-platform.ts';

const count = 300;
const group = 'payments/Unavailable';
const { attempts: patience = 0 } = schedulePayment.patience ?? {};
const { perSecond = 0 } = schedulePayment.probe ?? {};

let running: RunningPlatform;
let seedDir: string;
let ids: readonly string[];
let groups: readonly IncidentGroup[];
let watching: InstanceView;
let ends: readonly InstanceView[];

beforeAll(async () => {
  seedDir = await largeBudgets();
  process.env.SEED_DIR = seedDir;
  running = await startRunningPlatform({ workerProgram: 'test/supplier-invoice/programs/quick-robot-worker' });
  delete process.env.SEED_DIR;

  await running.fault('fault payments outage');
  ids = await someAtOnce(Array.from({ length: count }, (_, nth) => `O-${nth}`), async (number) => running.handIn(await pdf(ordinary(number))));
  groups = await untilHeldUp();
  watching = await running.view(watch.id(group));
  await running.fault('clear payments');
  await untilNoneRuns();
  ends = await someAtOnce(ids, running.view);
}, 900_000);
afterAll(async () => {
  await running.stop();
  await rm(seedDir, { recursive: true, force: true });
}, 900_000);

describe(`payments is down while ${count} invoices are under way`, () => {
  it('holds all of them up as one group, over which one instance watches', () => {
    expect(groups).toMatchObject([{ group, incidents: count, instances: count, activities: ['payments.schedulePayment'], processes: ['supplierInvoice'] }]);
    expect(watching).toMatchObject({ status: 'running', startedBy: 'throughline', input: { group, probe: 'payments.probe' } });
  });

  it('asks for none of them any more once its patience is over: the probe asks for all', () => {
    const attempts = ends.map((end) => stepOf(end, 'schedulePayment').visits[0]?.attempts);
    expect(new Set(attempts)).toEqual(new Set([patience + 1]));
  });

  it('lets all of them go on by itself when it is there again, and each is paid once', async () => {
    for (const end of ends) expect(end).toMatchObject({ status: 'completed', incidents: [{ resolution: { verb: 'retry', by: 'throughline' } }] });
    const booksOf = await readBooks(running.sandbox);
    for (const id of ids) expect(booksOf(id)).toMatchObject({ claim: 'claimed', reservation: 'reserved', payment: 'scheduled', mails: 1 });
    expect(await payments()).toHaveLength(count);
  });

  it('lets them go no faster than its contract says, so that it is not asked faster either', async () => {
    const released = ends.map(({ incidents }) => Date.parse(incidents[0]?.resolution?.at ?? '')).sort((a, b) => a - b);
    // Each is let go when the one before has answered; the two at the borders of a window may be closer.
    for (const window of [1, 5, 10]) expect(mostWithin(released, window)).toBeLessThanOrEqual(perSecond * window + 2);
    const asked = await payments();
    const [first = 0] = released;
    asked.forEach((at, nth) => expect(nth).toBeLessThanOrEqual(((at - first) / 1_000) * perSecond + 1));
  });

  it('leaves no incident, and nobody who watches', async () => {
    expect(await running.until(watch.id(group), ({ status }) => status !== 'running')).toMatchObject({ status: 'completed', output: { released: count } });
    expect(await openGroups()).toEqual([]);
  });
});

/** Hundreds of invoices are booked on one cost centre. */
async function largeBudgets(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-seed-'));
  await cp(join(repository, 'sandbox/data'), directory, { recursive: true });
  const file = join(directory, 'budgets.json');
  const { costCentres, ...rest } = JSON.parse(await readFile(file, 'utf8')) as { costCentres: { budget: number }[] };
  await writeFile(file, JSON.stringify({ ...rest, costCentres: costCentres.map((centre) => ({ ...centre, budget: centre.budget * 100 })) }));
  return directory;
}

const openGroups = async (): Promise<readonly IncidentGroup[]> => (await running.as('olga').get<{ groups: readonly IncidentGroup[] }>('/incident-groups')).groups;

async function untilHeldUp(): Promise<readonly IncidentGroup[]> {
  for (;;) {
    const found = await openGroups();
    if (found.reduce((sum, { incidents }) => sum + incidents, 0) >= count) return found;
    await pause(500);
  }
}

async function untilNoneRuns(): Promise<void> {
  while ((await running.as('olga').get<{ instances: readonly unknown[] }>('/instances?process=supplierInvoice&status=running&limit=1')).instances.length > 0) await pause(500);
}

/** When each payment was taken into the books: milliseconds, in their order. */
async function payments(): Promise<readonly number[]> {
  const books = (await (await fetch(`${running.sandbox.systems.payments.url}/books`)).json()) as { payments: readonly { at: string }[] };
  return books.payments.map(({ at }) => Date.parse(at)).sort((a, b) => a - b);
}

/** The most of these moments that lie within so many seconds. */
const mostWithin = (moments: readonly number[], seconds: number): number => Math.max(...moments.map((from) => moments.filter((at) => at >= from && at < from + seconds * 1_000).length));

/** One after the other in several lanes; the answers in the order of the questions. */
async function someAtOnce<Q, A>(questions: readonly Q[], answer: (question: Q) => Promise<A>): Promise<readonly A[]> {
  const answers: A[] = [];
  const left = questions.entries();
  const lane = async (): Promise<void> => {
    for (const [at, question] of left) answers[at] = await answer(question);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return answers;
}

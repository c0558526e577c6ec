import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { closeAfterAll, type ProblemBody, startApiProcess, type User } from './running-api.ts';
import { type Row, type Schedules, startSchedules, until } from './running-schedules.ts';

let all: Schedules;
const later = closeAfterAll();
beforeAll(async () => {
  all = await startSchedules({ later });
});

describe('what a schedule starts', () => {
  it('is an ordinary instance in the name of who made it, at its times', async () => {
    await all.create({ id: 'each-second', spec: { intervals: [{ every: '1 second' }] }, overlap: 'allowAll' });
    const [row] = await all.untilStarted('each-second', 2);
    await all.post('each-second', 'pause', { reason: 'that will do' });
    expect(row).toMatchObject({ id: expect.stringMatching(/^supplierInvoice\/each-second-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/), status: 'running', startedBy: 'olga' });
    const id = row?.id ?? '';
    const instance = await all.olga(`/api/instances/${encodeURIComponent(id)}`);
    expect(instance.status).toBe(200);
    expect(instance.body).toMatchObject({ id, process: 'supplierInvoice', title: 'Pay a supplier invoice', status: 'running', startedBy: 'olga', input: { document: all.document } });
    // The rest is the instance's own: code that is newer than the schedule may run it.
    expect(await all.memoOf(id)).toEqual({ startedBy: 'olga' });
    const { recentStarts, counts } = await all.read('each-second');
    expect(counts.started).toBeGreaterThanOrEqual(2);
    expect(recentStarts[0]?.scheduledFor.localeCompare(recentStarts[1]?.scheduledFor ?? '')).toBe(1);
    expect((await all.olga(recentStarts[0]?.links.instance ?? '')).body).toMatchObject({ id: recentStarts[0]?.instance });
    expect((await all.olga<{ instances: Row[] }>(`/api/instances?schedule=each-second&businessKey=${encodeURIComponent(id.slice(16))}`)).body.instances).toHaveLength(1);
    expect((await all.olga<{ instances: Row[] }>(`/api/instances?schedule=another&businessKey=${encodeURIComponent(id.slice(16))}`)).body.instances).toEqual([]);

    expect((await all.olga(`/api/instances/${encodeURIComponent(id)}/cancel`, { json: { reason: 'not needed' } })).status).toBe(202);
    await all.worker.end(id, 'cancelled');
    expect((await all.olga(`/api/instances/${encodeURIComponent(id)}`)).body).toMatchObject({ status: 'cancelled' });
  });

  it('is skipped while the last one runs, and that is counted', async () => {
    await all.create({ id: 'no-overlap', spec: { intervals: [{ every: '1 second' }] } });
    const { counts } = await until(() => all.read('no-overlap'), (seen) => seen.counts.skipped >= 2);
    expect(counts.started).toBe(1);
    expect(await all.untilStarted('no-overlap', 1)).toHaveLength(1);
  });
});

describe('pause and resume', () => {
  it('keep who did it and why, and nothing starts in between', async () => {
    await all.create({ id: 'paused', spec: { intervals: [{ every: '1 second' }] }, overlap: 'allowAll' });
    const paused = await all.post('paused', 'pause', { reason: 'the ERP is down: ask paul' }, { user: all.petra });
    expect(paused.status).toBe(200);
    expect(paused.body).toMatchObject({ paused: true, note: { by: 'petra', reason: 'the ERP is down: ask paul' } });
    const { counts } = await all.read('paused');
    // Temporal tells ten times when a schedule last did something; after ten seconds they are over.
    const since = Date.now();
    const still = await until(() => all.read('paused'), () => Date.now() - since > 11_000);
    expect(still.counts.started).toBe(counts.started);
    expect(still.nextTimes).toHaveLength(10);
    expect(still.problem).toBeNull();
    expect(Date.parse(still.nextTimes[0] ?? '')).toBeGreaterThan(since + 10_000);

    const resumed = await all.post('paused', 'resume', { reason: 'it is back' });
    expect(resumed.body).toMatchObject({ paused: false, note: { by: 'olga', reason: 'it is back' } });
    await until(() => all.read('paused'), (seen) => seen.counts.started > counts.started);
    await all.olga('/api/schedules/paused', { method: 'DELETE' });
  });

  it('once more in the same words get the same answer; in others a conflict that names who was first', async () => {
    await all.create({ id: 'twice', paused: true });
    expect(await all.read('twice')).toMatchObject({ paused: true, note: { by: 'olga', reason: 'made so' } });
    const other = await all.post('twice', 'pause', { reason: 'another reason' }, { user: all.petra });
    expect(other.status).toBe(409);
    expect(other.body.detail).toContain('(olga: made so)');
    for (const status of [200, 200]) expect((await all.post('twice', 'resume', { reason: 'go on' })).status).toBe(status);
    expect((await all.post('twice', 'resume', { reason: 'go on' }, { user: all.petra })).status).toBe(409);
  });

  it.each([{}, { reason: 'no' }, { reason: 'x'.repeat(201) }, { reason: 'because', by: 'somebody' }])('%j is no reason: 422', async (json) => {
    expect((await all.post('nightly', 'pause', json)).status).toBe(422);
  });
});

describe('a trigger', () => {
  it('starts an instance now, also while the schedule is paused', async () => {
    await all.create({ id: 'by-hand', paused: true });
    const { status, body } = await all.post<{ instance: string; links: { instance: string } }>('by-hand', 'trigger');
    expect(status).toBe(202);
    const there = await until(() => all.olga(body.links.instance), (seen) => seen.status === 200);
    expect(there.body).toMatchObject({ id: body.instance, status: 'running', startedBy: 'olga' });
    expect(await all.read('by-hand')).toMatchObject({ paused: true, counts: { started: 1 } });
  });

  it('ten times at once starts ten; with the same Idempotency-Key one', async () => {
    await all.create({ id: 'burst', paused: true });
    const answers = await Promise.all(Array.from({ length: 10 }, () => all.post<{ instance: string }>('burst', 'trigger')));
    expect(new Set(answers.map(({ body }) => body.instance)).size).toBe(10);
    const keyed = await Promise.all(Array.from({ length: 5 }, () => all.post<{ instance: string }>('burst', 'trigger', {}, { key: 'trigger-1' })));
    expect(new Set(keyed.map(({ body }) => body.instance)).size).toBe(1);
    await all.untilStarted('burst', 11);
    expect(await all.read('burst')).toMatchObject({ counts: { started: 11, skipped: 0 } });
  });

  it('and a pause that come at once by two API processes are all heeded', async () => {
    const second = await startApiProcess({ temporal: all.temporal, directory: all.api.directory });
    try {
      const there = await second.user({ name: 'there', roles: ['operator'] });
      for (const round of [1, 2, 3]) {
        const id = `rush-${round}`;
        await all.create({ id });
        const turns: readonly User[] = [all.olga, there, all.olga, there, all.olga, there];
        const [paused, ...triggered] = await Promise.all([all.post(id, 'pause', { reason: 'too much at once' }, { user: there }), ...turns.map((user) => all.post<{ instance: string }>(id, 'trigger', {}, { user }))]);
        expect([paused.status, ...triggered.map(({ status }) => status)]).toEqual([200, 202, 202, 202, 202, 202, 202]);
        expect(await all.read(id)).toMatchObject({ paused: true, counts: { started: 6 } });
        expect((await all.untilStarted(id, 6)).map((row) => row.id).sort()).toEqual(triggered.map(({ body }) => body.instance).sort());
      }
    } finally {
      await second.stop();
    }
  });

  it('is heeded though others speak to the schedule by Temporal itself, which would drop it', async () => {
    const { workflowService } = all.worker.connection;
    await all.create({ id: 'noise', paused: true });
    const noise = async (): Promise<void> => {
      for (let n = 0; n < 20; n++) await workflowService.patchSchedule({ namespace: all.temporal.namespace, scheduleId: 'noise', requestId: randomUUID(), patch: {} });
    };
    for (let round = 1; round <= 10; round++) {
      const [triggered] = await Promise.all([all.post<{ links: { instance: string } }>('noise', 'trigger'), noise(), noise()]);
      expect(triggered.status).toBe(202);
      expect((await all.olga(triggered.body.links.instance)).status).toBe(200);
    }
    expect((await all.read('noise')).counts.started).toBe(10);
  });

  it('leaves it alone when another runs, where that is wished', async () => {
    await all.create({ id: 'polite', paused: true });
    await all.post('polite', 'trigger', { overlap: 'skip' });
    await all.post('polite', 'trigger', { overlap: 'skip' });
    expect((await until(() => all.read('polite'), ({ counts }) => counts.started + counts.skipped === 2)).counts).toMatchObject({ started: 1, skipped: 1 });
  });
});

describe('a backfill', () => {
  const stretch = { startAt: '2026-03-01T00:00:00Z', endAt: '2026-03-01T05:00:00Z' };
  interface Backfilled {
    readonly times: number;
    readonly startedBefore: number;
    readonly starts: number;
  }

  it('starts every time in the stretch once, both ends included, and later only what is missing', async () => {
    await all.create({ id: 'hourly', spec: { intervals: [{ every: '1 hour' }] }, paused: true });
    const { status, body } = await all.post<Backfilled>('hourly', 'backfill', { startAt: '2026-03-01T01:00:00Z', endAt: '2026-03-01T02:00:00Z' });
    expect(status).toBe(202);
    expect(body).toMatchObject({ times: 2, startedBefore: 0, starts: 2 });
    const [first] = await all.untilStarted('hourly', 2);
    // Also one that has ended is not started anew.
    await all.worker.end(first?.id ?? '', 'completed');
    await until(() => all.startedBy('hourly'), (rows) => rows.some((row) => row.status === 'completed'));
    expect((await all.post<Backfilled>('hourly', 'backfill', stretch)).body).toMatchObject({ times: 6, startedBefore: 2, starts: 4 });
    const rows = await all.untilStarted('hourly', 6);
    expect(rows.map(({ id }) => id).sort()).toEqual([0, 1, 2, 3, 4, 5].map((hour) => `supplierInvoice/hourly-2026-03-01T0${hour}:00:00Z`));
    expect((await all.post<Backfilled>('hourly', 'backfill', stretch)).body).toMatchObject({ times: 6, startedBefore: 6, starts: 0 });
    expect((await all.read('hourly')).counts.started).toBe(6);
  });

  it('with an Idempotency-Key is done once', async () => {
    await all.create({ id: 'keyed', spec: { intervals: [{ every: '1 hour' }] }, paused: true });
    const answers = await Promise.all([1, 2, 3].map(() => all.post<Backfilled>('keyed', 'backfill', stretch, { key: 'backfill-1' })));
    expect(answers.map(({ body }) => body.starts)).toEqual([6, 6, 6]);
    await all.untilStarted('keyed', 6);
    expect((await all.read('keyed')).counts.started).toBe(6);
  });

  it('knows what was started in spite of a jitter', async () => {
    await all.create({ id: 'jittery', spec: { intervals: [{ every: '1 hour' }], jitter: '30 minutes' }, paused: true });
    expect((await all.post<Backfilled>('jittery', 'backfill', { startAt: '2026-03-01T00:00:00Z', endAt: '2026-03-01T02:59:00Z' })).body).toMatchObject({ times: 3, starts: 3 });
    await all.untilStarted('jittery', 3);
    expect((await all.post<Backfilled>('jittery', 'backfill', { startAt: '2026-03-01T00:00:00Z', endAt: '2026-03-01T03:59:00Z' })).body).toMatchObject({ times: 4, startedBefore: 3, starts: 1 });
    const rows = await all.untilStarted('jittery', 4);
    expect(rows.map(({ id }) => id).sort()).toEqual([0, 1, 2, 3].map((hour) => `supplierInvoice/jittery-2026-03-01T0${hour}:00:00Z`));
  });

  it.each([
    ['a stretch that ends before it begins', { startAt: stretch.endAt, endAt: stretch.startAt }, 'endAt'],
    ['a stretch that lies ahead', { startAt: stretch.startAt, endAt: '2099-01-01T00:00:00Z' }, 'endAt'],
    ['a stretch without a time of the schedule', { startAt: '2026-03-01T00:00:01Z', endAt: '2026-03-01T00:59:59Z' }, 'startAt'],
    ['a stretch with too many times', { startAt: '2026-01-01T00:00:00Z', endAt: '2026-02-01T00:00:00Z' }, 'endAt'],
    ['no stretch', {}, 'startAt'],
  ])('of %s: 422', async (_, json, place) => {
    const { status, body } = await all.post<ProblemBody>('hourly', 'backfill', json);
    expect({ status, places: body.errors?.map(({ path }) => path) }).toEqual({ status: 422, places: expect.arrayContaining([place]) });
  });
});

describe('a change', () => {
  it('replaces what it starts and when; who made it and its pause stay', async () => {
    await all.create({ id: 'changing', paused: true, overlap: 'allowAll' });
    const { status, body } = await all.change('changing', { catchupWindow: '1 hour' }, all.petra);
    expect(status).toBe(200);
    expect(body).toMatchObject({ createdBy: 'olga', paused: true, note: { by: 'olga' }, spec: { cronExpressions: ['0 3 * * *'], timezone: 'UTC' }, overlap: 'skip', catchupWindow: '1 hour', changedAt: expect.any(String) });
    const { body: triggered } = await all.post<{ instance: string }>('changing', 'trigger');
    await all.untilStarted('changing', 1);
    expect(await all.memoOf(triggered.instance)).toEqual({ startedBy: 'olga' });
  });

  it('is checked as a new one is', async () => {
    expect((await all.change('changing', { spec: {} })).status).toBe(422);
    expect((await all.change('changing', { input: { document: { ...all.document, size: 1 } } })).body.errors?.[0]?.path).toBe('input.document.size');
    expect((await all.change('changing', { process: 'supplierInvoice' })).status).toBe(422);
  });

  it('that leaves no time is shown as a problem', async () => {
    expect((await all.change('changing', { spec: { calendars: [{ year: 2020 }] } })).body).toMatchObject({ nextTimes: [], problem: expect.stringContaining('none of its times is left') });
  });

  it('by several at once is done by some, and nobody is told so in vain', async () => {
    await all.create({ id: 'contested' });
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((hour) => all.change('contested', { spec: { cronExpressions: [`0 ${hour} * * *`] } })));
    expect(new Set(answers.map(({ status }) => status)).size).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const now = (await all.read('contested')).spec;
    expect(answers.filter(({ status }) => status === 200).map(({ body }) => body.spec)).toContainEqual(now);
  });
});

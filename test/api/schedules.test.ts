import { beforeAll, describe, expect, it } from '@jest/globals';
import { closeAfterAll, type ProblemBody, startApiProcess } from './running-api.ts';
import { nightly, type Schedule, type Schedules, startSchedules, until } from './running-schedules.ts';

let all: Schedules;
const later = closeAfterAll();
beforeAll(async () => {
  all = await startSchedules({ later });
});

describe('making a schedule', () => {
  it('answers what it will do, and when next', async () => {
    const { status, headers, body } = await all.create({ id: 'nightly' });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/api/schedules/nightly');
    expect(body).toMatchObject({
      id: 'nightly',
      process: 'supplierInvoice',
      title: 'Pay a supplier invoice',
      createdBy: 'olga',
      paused: false,
      note: null,
      problem: null,
      input: { document: all.document },
      overlap: 'skip',
      catchupWindow: '1 day',
      recentStarts: [],
      changedAt: null,
      counts: { started: 0, waiting: 0, skipped: 0, missed: 0, dropped: 0 },
      links: { self: '/api/schedules/nightly', instances: '/api/instances?schedule=nightly', webUi: 'http://127.0.0.1:8233/namespaces/default/schedules/nightly' },
    });
    expect(body.nextTimes).toHaveLength(10);
    for (const time of body.nextTimes) expect(new Date(time).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' })).toBe('02:00:00');
    expect(await all.read('nightly')).toEqual(body);
  });

  it('keeps when as it was said', async () => {
    const spec = {
      cronExpressions: ['*/15 8-17 * * mon-fri', '0 0 29 2 *'],
      intervals: [{ every: '6 hours', offset: '90 minutes' }, { every: '1 day' }],
      calendars: [{ year: 2099, month: 12, dayOfMonth: 24, hour: 10 }, { minute: [0, 30], hour: { start: 8, end: 18, step: 2 }, dayOfWeek: 1 }, { second: '*', hour: 23, month: [{ start: 1, end: 3 }, 12] }],
      timezone: 'Asia/Kolkata',
      startAt: '2026-01-01T00:00:00.000Z',
      endAt: '2099-12-31T23:59:59.000Z',
      jitter: '5 minutes',
    };
    const { status, body } = await all.create({ id: 'many', spec, overlap: 'cancelOther', catchupWindow: '2 hours' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ spec, overlap: 'cancelOther', catchupWindow: '2 hours' });
  });

  it('chooses an id where none is given', async () => {
    const [one, other] = [await all.create(), await all.create()];
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(one.body.id).not.toBe(other.body.id);
  });

  it.each([
    ['no spec', { spec: undefined }, 'spec'],
    ['a spec without a time', { spec: {} }, 'spec'],
    ['six fields', { spec: { cronExpressions: ['0 0 2 * * *'] } }, 'spec.cronExpressions.0'],
    ['a shorthand', { spec: { cronExpressions: ['0 2 * * *', '@daily'] } }, 'spec.cronExpressions.1'],
    ['a minute 60', { spec: { cronExpressions: ['60 2 * * *'] } }, 'spec.cronExpressions.0'],
    ['a day 0', { spec: { cronExpressions: ['0 2 0 * *'] } }, 'spec.cronExpressions.0'],
    ['a month without a name', { spec: { cronExpressions: ['0 2 * janu *'] } }, 'spec.cronExpressions.0'],
    ['a stretch that ends before it begins', { spec: { cronExpressions: ['0 2 * * 5-1'] } }, 'spec.cronExpressions.0'],
    ['a step that is never reached', { spec: { cronExpressions: ['*/90 * * * *'] } }, 'spec.cronExpressions.0'],
    ['an empty entry', { spec: { cronExpressions: ['0, 2 * * *'] } }, 'spec.cronExpressions.0'],
    ['a time zone in a cron expression', { spec: { cronExpressions: ['TZ=Asia/Tokyo 0 2 * * *'] } }, 'spec.cronExpressions.0'],
    ['a comment in a cron expression', { spec: { cronExpressions: ['0 2 * * * # at night'] } }, 'spec.cronExpressions.0'],
    ['30 February', { spec: { cronExpressions: ['0 2 30 2 *'] } }, 'spec'],
    ['a date that has passed', { spec: { calendars: [{ year: 2020 }] } }, 'spec'],
    ['an end that has passed', { spec: { ...nightly, endAt: '2020-01-01T00:00:00Z' } }, 'spec'],
    ['an end before the start', { spec: { ...nightly, startAt: '2099-01-02T00:00:00Z', endAt: '2099-01-01T00:00:00Z' } }, 'spec.endAt'],
    ['a start without a time zone', { spec: { ...nightly, startAt: '2099-01-02T00:00:00' } }, 'spec.startAt'],
    ['a start before all calendars', { spec: { ...nightly, startAt: '0001-01-02T00:00:00Z' } }, 'spec.startAt'],
    ['an interval in other words', { spec: { intervals: [{ every: '1h' }] } }, 'spec.intervals.0.every'],
    ['an interval of half a second', { spec: { intervals: [{ every: '500 ms' }] } }, 'spec.intervals.0.every'],
    ['an interval of one and a half seconds', { spec: { intervals: [{ every: '1.5 seconds' }] } }, 'spec.intervals.0.every'],
    ['an endless interval', { spec: { intervals: [{ every: '99999999999999999 days' }] } }, 'spec.intervals.0.every'],
    ['an offset beyond its interval', { spec: { intervals: [{ every: '1 hour', offset: '1 hour' }] } }, 'spec.intervals.0.offset'],
    ['a calendar with a month 13', { spec: { calendars: [{ month: 13 }] } }, 'spec.calendars.0.month'],
    ['a calendar with an unknown part', { spec: { calendars: [{ weekday: 1 }] } }, 'spec.calendars.0.weekday'],
    ['a time zone that is none', { spec: { ...nightly, timezone: 'Nowhere/City' } }, 'spec.timezone'],
    ['a time zone in small letters', { spec: { ...nightly, timezone: 'europe/berlin' } }, 'spec.timezone'],
    ['an offset for a time zone', { spec: { ...nightly, timezone: '+01:00' } }, 'spec.timezone'],
    ['a negative jitter', { spec: { ...nightly, jitter: '-5 minutes' } }, 'spec.jitter'],
    ['an unknown overlap', { overlap: 'terminateOther' }, 'overlap'],
    ['a catch-up window below 10 seconds', { catchupWindow: '9 seconds' }, 'catchupWindow'],
    ['an id with a slash', { id: 'a/b' }, 'id'],
    ['an unknown process', { process: 'supplierInvoce' }, 'process'],
    ['no input', { input: undefined }, 'input'],
    ['input that fails its schema', { input: { document: { sha256: 'x', mediaType: 'application/pdf', size: 1 } } }, 'input.document.sha256'],
    ['a document that is not there', { input: { document: { sha256: 'a'.repeat(64), mediaType: 'application/pdf', size: 1 } } }, 'input.document.sha256'],
    ['an unknown field', { cron: '0 2 * * *' }, 'cron'],
  ])('%s: 422 that names the place, and nothing is made', async (_, more, place) => {
    const { status, body } = await all.create({ id: 'refused', ...more });
    expect({ status, places: body.errors?.map(({ path }) => path) }).toEqual({ status: 422, places: expect.arrayContaining([place]) });
    expect((await all.olga('/api/schedules/refused')).status).toBe(404);
  });

  it('says what is wrong with a cron expression', async () => {
    expect((await all.create({ spec: { cronExpressions: ['0 25 * * *'] } })).body.detail).toContain('hour "25" is not of 0 to 23');
    expect((await all.create({ spec: { ...nightly, timezone: 'europe/berlin' } })).body.detail).toContain('is written Europe/Berlin');
  });

  it('twice in the same words is done once; the id of another is a conflict that names it', async () => {
    const first = await all.create({ id: 'again' });
    const again = await all.create({ id: 'again' });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    for (const other of [await all.create({ id: 'again', overlap: 'allowAll' }), await all.create({ id: 'again' }, { user: all.petra })]) {
      expect(other.status).toBe(409);
      expect(other.body.detail).toMatch(/"again" exists already, made by olga at .*PUT \/api\/schedules\/again/);
    }
  });

  it('by twenty at once makes one', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => all.create({ id: 'crowd', overlap: n % 2 === 0 ? 'skip' : 'allowAll' })));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 200)).toHaveLength(9);
    expect(statuses.filter((status) => status === 409)).toHaveLength(10);
    const made = answers.find(({ status }) => status === 201)?.body.overlap;
    expect((await all.read('crowd')).overlap).toBe(made);
  });

  it('with an Idempotency-Key makes one, whatever its id', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => all.create({ overlap: 'bufferOne' }, { key: 'schedule-1' })));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await all.create({}, { key: 'schedule-1' })).status).toBe(422);
  });
});

describe('the list of schedules', () => {
  it('comes in stretches, each schedule once', async () => {
    const made = Array.from({ length: 25 }, (_, n) => `listed-${n}`);
    await Promise.all(made.map((id) => all.create({ id, paused: true })));
    await until(async () => (await all.olga<{ schedules: { id: string }[] }>('/api/schedules?limit=200')).body.schedules.map(({ id }) => id), (ids) => made.every((id) => ids.includes(id)));
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body }: { status: number; body: { schedules: Schedule[]; next: string | null } } = await all.olga(`/api/schedules?paused=true&limit=10${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      expect(body.schedules.length).toBeLessThanOrEqual(10);
      expect(body.schedules.every(({ paused, createdBy, title }) => paused && createdBy === 'olga' && title === 'Pay a supplier invoice')).toBe(true);
      ids.push(...body.schedules.map(({ id }) => id));
      cursor = body.next;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(made));
    expect(ids).not.toContain('nightly');
    expect((await all.olga<{ schedules: Schedule[] }>('/api/schedules?process=supplierInvoice&paused=false&limit=200')).body.schedules.map(({ id }) => id)).toContain('nightly');
  });

  it.each(['limit=0', 'paused=yes', 'process=nothing', 'cursor=abc', 'page=2'])('%s: 400 that names it', async (query) => {
    const { status, body } = await all.olga<ProblemBody>(`/api/schedules?${query}`);
    expect({ status, place: body.errors?.[0]?.path }).toEqual({ status: 400, place: query.split('=')[0] });
  });

  it('leaves alone what others have in the same namespace', async () => {
    const { workflowService } = all.worker.connection;
    const startWorkflow = { workflowId: 'theirs', workflowType: { name: 'supplierInvoice' }, taskQueue: { name: 'workflows' } };
    await workflowService.createSchedule({ namespace: all.temporal.namespace, scheduleId: 'theirs', requestId: 'theirs', schedule: { spec: {}, action: { startWorkflow } } });
    for (const [path, method] of [['theirs', 'GET'], ['theirs', 'DELETE'], ['theirs/trigger', 'POST']]) expect((await all.olga(`/api/schedules/${path}`, { method: method ?? 'GET' })).status).toBe(404);
    const { status, body } = await all.create({ id: 'theirs' });
    expect({ status, detail: body.detail }).toEqual({ status: 409, detail: expect.stringContaining('exists already.') });
  });
});

describe('deleting a schedule', () => {
  it('stops it; what it started goes on', async () => {
    await all.create({ id: 'deleted', spec: { intervals: [{ every: '1 second' }] }, overlap: 'allowAll' });
    await all.untilStarted('deleted', 1);
    const { status, body } = await all.olga('/api/schedules/deleted', { method: 'DELETE' });
    expect({ status, body }).toEqual({ status: 204, body: '' });
    for (const request of [all.olga('/api/schedules/deleted'), all.olga('/api/schedules/deleted', { method: 'DELETE' }), all.post('deleted', 'trigger'), all.post('deleted', 'pause', { reason: 'too late' })]) {
      expect((await request).status).toBe(404);
    }
    // Another schedule of the same beat is the clock: when it has started three more, this one would have, too.
    await all.create({ id: 'clock', spec: { intervals: [{ every: '1 second' }] }, overlap: 'allowAll' });
    const before = (await all.startedBy('deleted')).length;
    await all.untilStarted('clock', 3);
    const rows = await all.startedBy('deleted');
    expect(rows).toHaveLength(before);
    expect(rows.every((row) => row.status === 'running')).toBe(true);
    await all.olga('/api/schedules/clock', { method: 'DELETE' });
  });

  it('leaves its id to a new one', async () => {
    const { status, body } = await all.create({ id: 'deleted' });
    expect({ status, started: body.counts.started }).toEqual({ status: 201, started: 0 });
  });
});

describe('a schedule whose process', () => {
  it('has changed or is gone says so, and is neither resumed nor triggered', async () => {
    const { workflowService } = all.worker.connection;
    const memo = { fields: { createdBy: { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"olga"') } } };
    for (const [scheduleId, name] of [['outgrown', 'supplierInvoice'], ['orphan', 'formerProcess']] as const) {
      const startWorkflow = { workflowId: `${name}/${scheduleId}`, workflowType: { name }, taskQueue: { name: 'workflows' }, input: { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"invoice": 1}') }] } };
      await workflowService.createSchedule({ namespace: all.temporal.namespace, scheduleId, requestId: scheduleId, memo, schedule: { spec: { cronString: ['0 2 * * *'] }, action: { startWorkflow }, state: { paused: true, notes: 'by hand' } } });
    }
    expect(await all.read('outgrown')).toMatchObject({ note: { by: null, reason: 'by hand' }, problem: expect.stringMatching(/input\.document.*PUT/) });
    expect(await all.read('orphan')).toMatchObject({ process: 'formerProcess', problem: expect.stringContaining('not deployed here any more') });
    for (const id of ['outgrown', 'orphan']) {
      for (const verb of ['resume', 'trigger']) expect((await all.post(id, verb, verb === 'resume' ? { reason: 'go on' } : {})).status).toBe(409);
      expect((await all.olga(`/api/schedules/${id}`, { method: 'DELETE' })).status).toBe(204);
    }
  });
});

describe('who may', () => {
  it.each([
    ['viewer', 200, 403],
    ['starter', 200, 403],
    ['worker', 403, 403],
    ['operator', 200, 422],
    ['admin', 200, 422],
  ] as const)('look and change: %s', async (role, looking, changing) => {
    const user = await all.api.user({ name: role, roles: [role] });
    for (const path of ['/api/schedules', '/api/schedules/nightly']) expect((await user(path)).status).toBe(looking);
    expect((await user('/api/schedules', { json: {} })).status).toBe(changing);
    for (const verb of ['pause', 'resume', 'backfill']) expect((await all.post('nightly', verb, {}, { user })).status).toBe(changing);
    expect((await user('/api/schedules/nightly', { method: 'PUT', json: {} })).status).toBe(changing);
    expect((await all.post('none', 'trigger', {}, { user })).status).toBe(changing === 422 ? 404 : 403);
    expect((await user('/api/schedules/none', { method: 'DELETE' })).status).toBe(changing === 422 ? 404 : 403);
  });
});

describe('without Temporal', () => {
  it('every verb is 503 and says so', async () => {
    const alone = await startApiProcess({ temporal: { address: '127.0.0.1:1' } });
    try {
      const user = await alone.user({ roles: ['operator'] });
      const answers = await Promise.all([
        user<ProblemBody>('/api/schedules'),
        user<ProblemBody>('/api/schedules/nightly'),
        user<ProblemBody>('/api/schedules/nightly/trigger', { method: 'POST' }),
        user<ProblemBody>('/api/schedules/nightly', { method: 'DELETE' }),
      ]);
      for (const { status, body } of answers) expect({ status, detail: body.detail }).toEqual({ status: 503, detail: expect.stringContaining('Temporal does not answer') });
    } finally {
      await alone.stop();
    }
  });
});

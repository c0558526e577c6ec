import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IncidentRow } from '../../api/incidents/incident.ts';
import type { IncidentGroup } from '../../api/incidents/list.ts';
import { laptop, stubborn } from '../kit/contracts.ts';
import type { StartedInstance } from '../kit/started-instance.ts';
import { startSteps } from '../steps/running-steps.ts';
import type { ProblemBody, User } from './running-api.ts';

let running: Awaited<ReturnType<typeof startSteps>>;
let olga: User;
let otto: User;
let vera: User;
/** Three whose bank is down (two of them at one step, one at another), and one whose shop's code has a bug. */
let down: readonly StartedInstance[];
let broken: StartedInstance;
const wish = { item: 'x1', requestedBy: 'ada', ask: false };

beforeAll(async () => {
  running = await startSteps([laptop, stubborn]);
  olga = await running.user();
  otto = await running.user({ name: 'otto' });
  vera = await running.user({ name: 'vera', roles: ['viewer'] });
  const { kit } = running;
  down = [
    await kit.start(laptop, { ...wish, pay: 'fails until told' }),
    await kit.start(laptop, { ...wish, pay: 'fails until told' }),
    await kit.start(stubborn, { trouble: 'fails until told' }),
  ];
  broken = await kit.start(laptop, { ...wish, order: 'bad answer' });
  for (const instance of [...down, broken]) await instance.until(({ incidents }) => incidents.length === 1);
  while ((await groups()).reduce((sum, { incidents }) => sum + incidents, 0) < 4) await pause(50);
});
afterAll(() => running.stop());

const groups = async (query = ''): Promise<readonly IncidentGroup[]> => (await vera<{ groups: IncidentGroup[] }>(`/api/incident-groups${query}`)).body.groups;
const list = async (query = '', user = vera): Promise<readonly IncidentRow[]> => (await user<{ incidents: IncidentRow[] }>(`/api/incidents${query}`)).body.incidents;
const idsOf = (some: readonly { id: string }[]) => some.map(({ id }) => id).sort();

describe('GET /incident-groups', () => {
  it('makes one group of all that a silent system holds up, and another of each kind of failure of an activity', async () => {
    const found = await groups();
    expect(found).toEqual([
      {
        group: 'bank/Unavailable',
        incidents: 3,
        instances: 3,
        activities: ['bank.pay', 'bank.payStubbornly'],
        processes: ['laptop', 'stubborn'],
        since: expect.any(String),
        newest: expect.any(String),
        message: 'down',
        links: { incidents: '/api/incidents?group=bank%2FUnavailable' },
      },
      expect.objectContaining({ group: 'shop.placeOrder/Unexpected', incidents: 1, activities: ['shop.placeOrder'], message: expect.stringContaining('breaks its contract') }),
    ]);
    expect(Date.parse(found[0]?.since ?? '')).toBeLessThanOrEqual(Date.parse(found[0]?.newest ?? ''));
    expect(await groups('?process=stubborn')).toMatchObject([{ group: 'bank/Unavailable', incidents: 1 }]);
  });
});

describe('GET /incidents', () => {
  it('lists them by group, by process, by whose they are and by whether they are overdue, page by page', async () => {
    expect(idsOf(await list())).toEqual(['pay.1', 'pay.1', 'payStubbornly.1', 'placeOrder.1']);
    const [group] = await groups();
    const members = await list(group?.links.incidents.replace('/api/incidents', ''));
    expect(members.map(({ instance }) => instance).sort()).toEqual(idsOf(down));
    expect(await list('?process=laptop&group=shop.placeOrder%2FUnexpected')).toMatchObject([{ id: 'placeOrder.1', instance: broken.id, title: 'Place the order', of: 'step', assignee: null, dueAt: null, optional: false }]);

    const edit = (instance: StartedInstance, json: object) => olga(`/api/instances/${encodeURIComponent(instance.id)}/incidents/pay.1`, { method: 'PATCH', json });
    await edit(down[0] as StartedInstance, { assignee: 'otto', dueAt: '2020-01-01T00:00:00Z' });
    await edit(down[1] as StartedInstance, { dueAt: '2040-01-01T00:00:00Z' });
    while ((await list('?of=mine', otto)).length === 0) await pause(50);
    expect(await list('?of=mine', otto)).toMatchObject([{ instance: down[0]?.id, assignee: 'otto' }]);
    expect(await list('?of=mine')).toEqual([]);
    while ((await list('?of=nobody')).length !== 3 || (await list('?overdue=true')).length !== 1) await pause(50);
    expect(await list('?overdue=true')).toMatchObject([{ instance: down[0]?.id }]);

    const paged: IncidentRow[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: { body: { incidents: IncidentRow[]; next: string | null } } = await vera(`/api/incidents?limit=2${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
      paged.push(...body.incidents);
      cursor = body.next;
    }
    expect(idsOf(paged)).toEqual(['pay.1', 'pay.1', 'payStubbornly.1', 'placeOrder.1']);
  });

  it('says what is wrong with a question', async () => {
    const refused = async (query: string) => {
      const { status, body } = await vera<ProblemBody>(`/api/incidents${query}`);
      return { status, paths: body.errors?.map(({ path }) => path) };
    };
    expect(await refused('?of=otto')).toEqual({ status: 400, paths: ['of'] });
    expect(await refused('?process=lapdog')).toEqual({ status: 400, paths: ['process'] });
    expect(await refused('?group=')).toEqual({ status: 400, paths: ['group'] });
    expect((await (await running.user({ name: 'wim', roles: ['worker'] }))('/api/incidents')).status).toBe(403);
  });
});

it('no list has an incident that is resolved', async () => {
  for (const instance of [...down, broken]) instance.heal();
  await Promise.all([...down.slice(0, 2), broken].map((instance) => olga(`/api/instances/${encodeURIComponent(instance.id)}/incidents/${instance === broken ? 'placeOrder' : 'pay'}.1/retry`, { method: 'POST' })));
  await Promise.all([...down, broken].map((instance) => instance.ended()));
  while ((await groups()).length > 0) await pause(50);
  expect(await list()).toEqual([]);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemBody, User } from '../api/running-api.ts';
import type { StartedInstance } from '../kit/started-instance.ts';
import { parcels } from './message.ts';
import { present } from './optional.ts';
import { furnish, purchase } from './process.ts';
import { startSteps } from './running-steps.ts';

let running: Awaited<ReturnType<typeof startSteps>>;
let olga: User;
let post: User;
beforeAll(async () => {
  running = await startSteps([parcels, present, furnish, purchase]);
  olga = await running.user();
  post = await running.user({ name: 'post', roles: ['starter'] });
});
afterAll(() => running.stop());

const start = (input: Parameters<typeof running.kit.start<typeof parcels.input>>[1]) => running.kit.start(parcels, input);
const pathOf = ({ id }: StartedInstance, name: string): string => `/api/instances/${encodeURIComponent(id)}/messages/${name}`;
const signed = { id: 's-1', payload: { outcome: 'signed' } };

describe('POST /instances/{id}/messages/{name}', () => {
  it('brings a message to the step that waits for it, with the name of who sent it', async () => {
    const instance = await start({ parcels: 0 });
    const { status, body } = await post(pathOf(instance, 'signed'), { json: signed });
    expect({ status, body }).toEqual({ status: 202, body: { instance: instance.id, name: 'signed', id: 's-1', links: { instance: `/api/instances/${encodeURIComponent(instance.id)}` } } });
    const ended = await instance.ended();
    expect(ended).toMatchObject({ output: { signature: 'signed' } });
    expect(ended.story.map(({ text }) => text)).toContain('Message “signed” (s-1) from post came.');
  });

  it('takes the same message as often as it is sent, and counts it once', async () => {
    const instance = await start({ first: 'waits', parcels: 2 });
    await instance.held();
    const parcel = (id: string) => ({ json: { id, payload: { parcel: `parcel ${id}` } } });
    const statuses = await Promise.all(Array.from({ length: 20 }, () => post(pathOf(instance, 'delivered'), parcel('a')).then(({ status }) => status)));
    expect(new Set(statuses)).toEqual(new Set([202]));
    await post(pathOf(instance, 'delivered'), parcel('b'));
    await post(pathOf(instance, 'signed'), { json: signed });
    instance.release();
    expect(await instance.ended()).toMatchObject({ output: { parcels: ['parcel a', 'parcel b'] } });
    const signals = (await instance.history()).filter(({ workflowExecutionSignaledEventAttributes: signal }) => signal);
    expect(signals).toHaveLength(3);
  });

  it('keeps a message while no worker runs', async () => {
    const instance = await start({ parcels: 0 });
    await instance.until(({ waitingFor }) => waitingFor.length === 1);
    await running.kit.flows.stop();
    expect((await post(pathOf(instance, 'signed'), { json: signed })).status).toBe(202);
    await running.kit.flows.start();
    expect(await instance.ended()).toMatchObject({ output: { signature: 'signed' } });
  });

  it('refuses what nobody could take, and leaves no event', async () => {
    const instance = await start({ parcels: 0 });
    await instance.until(({ waitingFor }) => waitingFor.length === 1);
    const before = await instance.recorded();
    const refused = async (name: string, request: Parameters<User>[1]) => {
      const { status, body } = await post<ProblemBody>(pathOf(instance, name), request);
      return { status, detail: body.detail, errors: body.errors };
    };
    expect(await refused('burned', { json: signed })).toMatchObject({ status: 404, detail: 'process "parcels" waits for no message "burned". Messages: signed, delivered.' });
    expect(await refused('signed', { json: { id: '1', payload: { outcome: 'eaten' } } })).toMatchObject({ status: 422, errors: [{ path: 'payload.outcome' }] });
    expect(await refused('signed', { json: { id: '1' } })).toMatchObject({ status: 422, errors: [{ path: 'payload' }] });
    expect(await refused('signed', { json: { id: '', payload: {} } })).toMatchObject({ status: 422, errors: [{ path: 'id' }] });
    expect(await refused('signed', { json: { id: '1', payload: { outcome: 'signed', notes: 'x'.repeat(1_001_000) } } })).toMatchObject({ status: 413 });
    expect(await instance.recorded()).toBe(before);
    await post(pathOf(instance, 'signed'), { json: signed });
    await instance.ended();
    expect(await refused('signed', { json: signed })).toMatchObject({ status: 409, detail: expect.stringContaining('takes no messages any more') });
    const nowhere = await post<ProblemBody>('/api/instances/parcels%2Fnowhere/messages/signed', { json: signed });
    expect(nowhere.status).toBe(404);
  });

  it('is not for those who only look', async () => {
    const instance = await start({ parcels: 0 });
    const viewer = await running.user({ name: 'vera', roles: ['viewer', 'worker'] });
    expect((await viewer(pathOf(instance, 'signed'), { json: signed })).status).toBe(403);
    expect((await olga(pathOf(instance, 'signed'), { json: signed })).status).toBe(202);
    await instance.ended();
  });

  it('shows in the process what a message says', async () => {
    const { body } = await olga<{ steps: { step: string; kind: string; asks: string; dueIn: unknown; output: object }[] }>('/api/processes/parcels');
    expect(body.steps[1]).toMatchObject({ step: 'signed', kind: 'message', asks: 'signed', dueIn: '14 days', output: { properties: { outcome: { enum: ['signed', 'refused', 'nobody signed'] } } } });
  });
});

describe('POST /instances/{id}/incidents/{incident}/skip', () => {
  it('goes on without a step that is optional, for a reason, and refuses any other', async () => {
    const instance = await running.kit.start(present, { ribbon: 'fails until told', then: 'fails until told' });
    const skip = (incident: string, json: object) => olga<Record<string, unknown>>(`/api/instances/${encodeURIComponent(instance.id)}/incidents/${incident}/skip`, { json });
    await instance.until(({ incidents }) => incidents.length === 1);
    expect((await skip('ribbon.1', {})).status).toBe(422);
    expect(await skip('ribbon.1', { reason: 'plain is nice too' })).toMatchObject({ status: 200, body: { incident: 'ribbon.1', resolution: 'skip', resolvedBy: 'olga' } });
    await instance.until(({ incidents }) => incidents.length === 2);
    expect(await skip('lookUp.1', { reason: 'who cares' })).toMatchObject({ status: 409, body: { detail: expect.stringContaining('is not optional') } });
    const { body } = await olga<{ incidents: object[]; steps: object[] }>(`/api/instances/${encodeURIComponent(instance.id)}`);
    expect(body.incidents).toMatchObject([{ id: 'ribbon.1', optional: true, resolution: { verb: 'skip', by: 'olga' } }, { id: 'lookUp.1' }]);
    expect(body.steps[1]).toMatchObject({ state: 'skipped' });
    instance.heal();
    await olga(`/api/instances/${encodeURIComponent(instance.id)}/incidents/lookUp.1/retry`, { method: 'POST' });
    expect(await instance.ended()).toMatchObject({ status: 'completed' });
  });
});

describe('GET /instances/{id} of a sub-process', () => {
  it('names its parent, which names it; alone it is not started anew', async () => {
    const instance = await running.kit.start(furnish, { desk: { item: 'desk', pay: 'refuses' }, chair: { item: 'chair' }, catches: true });
    await instance.ended();
    const id = `purchase/${instance.id}/desk`;
    const sub = await olga<Record<string, unknown>>(`/api/instances/${encodeURIComponent(id)}`);
    expect(sub.body).toMatchObject({ status: 'rejected', startedBy: 'ada', parent: { id: instance.id, step: 'desk', visit: 1 } });
    const whole = await olga<{ steps: object[] }>(`/api/instances/${encodeURIComponent(instance.id)}`);
    expect(whole.body.steps[0]).toMatchObject({ kind: 'process', visits: [{ instance: id }] });
    const again = await olga<ProblemBody>('/api/processes/purchase/instances', { json: { input: { item: 'desk' }, businessKey: `${instance.id}/desk`, restart: true } });
    expect(again).toMatchObject({ status: 409, body: { detail: expect.stringContaining(`is a sub-process of "${instance.id}"`) } });
  });
});

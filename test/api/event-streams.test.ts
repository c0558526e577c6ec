import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { TaskMemo } from '../../contracts/verbs.ts';
import { searchAttributes, taskQueues } from '../../contracts/verbs.ts';
import { freePort } from '../../platform/ports.ts';
import { type EmbeddedTemporal, startTemporal } from '../../temporal/start.ts';
import { type EventMessage, type EventStream, openEventStream } from './event-stream.ts';
import { type HandWorker, workByHand } from './hand-worker.ts';
import { instanceAfter } from './instance-client.ts';
import { closeAfterAll, type ProblemBody, type RunningApi, startApiProcess, temporaryDirectory } from './running-api.ts';

let temporal: EmbeddedTemporal;
let api: RunningApi;
let worker: HandWorker;
let directory: string;
const later = closeAfterAll();
let start: () => Promise<EmbeddedTemporal>;
beforeAll(async () => {
  const dataDir = await temporaryDirectory();
  const port = await freePort();
  start = () => startTemporal({ dataDir, port, searchAttributes: { ...searchAttributes }, ui: false });
  temporal = await start();
  later(async () => {
    await temporal.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  directory = await temporaryDirectory();
  later(() => rm(directory, { recursive: true, force: true }));
  api = await startApi();
  later(() => api.stop());
  worker = await workByHand(temporal);
  later(() => worker.close());
});

const startApi = (env: Record<string, string> = {}): Promise<RunningApi> => startApiProcess({ temporal, directory, env });

const task = (shown: string): TaskMemo => ({ step: 'approveInvoice', visit: 1, title: 'Approve the invoice', state: 'ready', assignee: null, candidateGroups: ['finance'], excludedUsers: [], openedAt: '2026-01-01T00:00:00.000Z', dueAt: null, escalated: false, form: 'f', shown: { value: shown } });
const startInstance = async (key: string): Promise<string> => {
  const id = `supplierInvoice/${key}`;
  await worker.start({ id, process: 'supplierInvoice', waitingFor: ['finance'], memo: { startedBy: 'olga', 'task:approveInvoice': task('at first') } });
  return id;
};
const tokenFor = async (at: RunningApi = api) => at.tokens.create({ user: 'olga', roles: ['viewer'], groups: [] });
const pathOf = (id: string): string => `/api/instances/${encodeURIComponent(id)}/events`;
const listen = async (path: string, { at = api, ...more }: { at?: RunningApi; lastEventId?: string; token?: string } = {}): Promise<EventStream> =>
  openEventStream({ url: `${at.url}${path}`, token: (await tokenFor(at)).token, ...more });
const terminate = (id: string) => worker.connection.workflowService.terminateWorkflowExecution({ namespace: temporal.namespace, workflowExecution: { workflowId: id }, reason: 'for the events' });
const withIds = (messages: readonly EventMessage[]): readonly EventMessage[] => messages.filter(({ hasId }) => hasId);
const begun = (messages: readonly EventMessage[]): boolean => messages.length > 0;

describe('a stream of events', () => {
  it('stays while Temporal is away, says so, and goes on where it was when Temporal is back', async () => {
    const id = await startInstance('outage');
    const streams = await Promise.all([listen(pathOf(id)), listen('/api/events')]);
    await Promise.all(streams.map((stream) => stream.until(begun)));
    temporal.kill();
    await temporal.exited;
    const says = (answers: boolean) => (messages: readonly EventMessage[]) => messages.some(({ event, data }) => event === 'temporal' && (data as { answers: boolean }).answers === answers);
    await Promise.all(streams.map((stream) => stream.until(says(false))));
    const meanwhile = await (await api.user({ roles: ['viewer'] }))<ProblemBody>(pathOf('supplierInvoice/another'));
    expect(meanwhile.status).toBe(503);
    temporal = await start();
    await Promise.all(streams.map((stream) => stream.until(says(true))));
    await terminate(id);
    const [one, all] = streams;
    await one?.untilEnd();
    expect(withIds(one?.messages ?? []).map(({ event }) => event)).toEqual(['instance', 'change', 'end']);
    await all?.until((messages) => messages.some(({ event }) => event === 'ended'));
    expect(withIds(all?.messages ?? []).filter(({ event }) => event !== 'changed').map(({ event }) => event)).toEqual(['reset', 'ended']);
    all?.close();
  });

  it('goes on with an instance that was started anew, for one who knows its former end', async () => {
    const olga = await api.user();
    await startInstance('anew');
    const path = pathOf('supplierInvoice/anew');
    const first = await listen(path);
    await first.until(begun);
    await terminate('supplierInvoice/anew');
    await first.untilEnd();
    expect((await listen(path, { lastEventId: first.lastEventId() })).status).toBe(204);
    await startInstance('anew');
    const second = await untilOpen(() => listen(path, { lastEventId: first.lastEventId() }));
    await second.until(begun);
    expect(instanceAfter(second.messages)).toEqual((await olga('/api/instances/supplierInvoice%2Fanew')).body);
    expect(second.messages[0]).toMatchObject({ event: 'instance', data: { status: 'running' } });
    second.close();
  });

  it('is cut off when its listener does not read, and goes on where that had read to', async () => {
    const id = await startInstance('slow');
    const [fast, slow] = [await listen(pathOf(id)), await listen(pathOf(id))];
    await Promise.all([fast, slow].map((stream) => stream.until(begun)));
    slow.freeze();
    await change({ id, times: 40, size: 200_000 });
    await terminate(id);
    await fast.untilEnd();
    while (!api.log().includes('too slow')) await breathe();
    slow.thaw();
    await slow.untilEnd();
    expect(withIds(slow.messages).length).toBeLessThan(withIds(fast.messages).length);
    const again = await listen(pathOf(id), { lastEventId: slow.lastEventId() });
    await again.untilEnd();
    expect([...withIds(slow.messages), ...withIds(again.messages)]).toEqual(withIds(fast.messages));
    expect(instanceAfter([...slow.messages, ...again.messages])).toEqual((await (await api.user())(`/api/instances/${encodeURIComponent(id)}`)).body);
  });

  it.each([() => startInstance('revoked').then(pathOf), async () => '/api/events'])('ends when its token is revoked, and lives until then', async (path) => {
    const { token, record } = await tokenFor();
    const stream = await listen(await path(), { token });
    await stream.until(() => stream.text().includes(':'));
    while (!/^: still here$/m.test(stream.text())) await stream.until(begun).then(breathe);
    await api.tokens.revoke(record.id);
    await stream.untilEnd();
    expect(stream.messages.map(({ event }) => event)).not.toContain('end');
  });

  it('is refused over the limit, until another ends', async () => {
    const small = await startApi({ API_STREAMS: '3', API_FOLLOWED: '1' });
    later(() => small.stop());
    const [first, second] = [await startInstance('first'), await startInstance('second')];
    const olga = await small.user({ roles: ['viewer'] });
    const streams = [await listen(pathOf(first), { at: small })];
    const followed = await olga<ProblemBody>(pathOf(second));
    expect({ status: followed.status, detail: followed.body.detail, after: followed.headers.get('retry-after') }).toEqual({ status: 503, detail: expect.stringContaining('API_FOLLOWED'), after: '2' });
    streams.push(await listen(pathOf(first), { at: small }), await listen('/api/events', { at: small }));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
    const refused = await olga<ProblemBody>('/api/events');
    expect({ status: refused.status, detail: refused.body.detail }).toEqual({ status: 503, detail: expect.stringContaining('API_STREAMS') });
    streams.pop()?.close();
    const next = await untilOpen(() => listen(pathOf(first), { at: small }));
    [...streams, next].forEach((stream) => stream.close());
  });

  it('ends when the API does, at once', async () => {
    const closing = await startApi();
    const id = await startInstance('closing');
    const streams = [await listen(pathOf(id), { at: closing }), await listen('/api/events', { at: closing }), await listen(pathOf(id), { at: closing })];
    await Promise.all(streams.map((stream) => stream.until(begun)));
    streams[2]?.freeze();
    await closing.stop();
    expect(closing.log()).not.toContain('did not close in order');
    await Promise.all(streams.slice(0, 2).map((stream) => stream.untilEnd()));
    streams[2]?.close();
  });
});

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

async function untilOpen(open: () => Promise<EventStream>): Promise<EventStream> {
  for (;;) {
    const stream = await open();
    if (stream.status === 200) return stream;
    await breathe();
  }
}

/** Lets the instance show its task anew again and again, each time with as many characters. */
async function change({ id, times, size }: { id: string; times: number; size: number }): Promise<void> {
  const { workflowService } = worker.connection;
  const { namespace } = temporal;
  for (let nth = 1; nth <= times; ) {
    const { taskToken, workflowExecution } = await worker.connection.withDeadline(Date.now() + 20_000, () =>
      workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueues.workflows }, identity: 'by hand' }),
    );
    if (workflowExecution?.workflowId !== id) continue;
    const fields = { 'task:approveInvoice': defaultPayloadConverter.toPayload(task(`${nth} `.repeat(size / 3))) };
    await workflowService.respondWorkflowTaskCompleted({
      namespace,
      taskToken,
      identity: 'by hand',
      commands: [{ commandType: proto.temporal.api.enums.v1.CommandType.COMMAND_TYPE_MODIFY_WORKFLOW_PROPERTIES, modifyWorkflowPropertiesCommandAttributes: { upsertedMemo: { fields } } }],
    });
    await workflowService.signalWorkflowExecution({ namespace, workflowExecution: { workflowId: id }, signalName: 'again', requestId: randomUUID() });
    nth += 1;
  }
}

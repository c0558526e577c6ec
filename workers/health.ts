import { createServer } from 'node:http';
import proto from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import { errorMessage } from '../platform/errors.ts';

const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;

/** A worker of this process, as far as its health goes. */
export interface Polling {
  readonly role: string;
  readonly taskQueue: string;
  /** As Temporal knows this process by. */
  readonly identity: string;
  state(): string;
}

export interface Health {
  readonly url: string;
  close(): Promise<void>;
}

/** Milliseconds: a poll ends after a minute at the latest, and is followed by the next at once. */
const recent = 70_000;
/** Milliseconds that Temporal may take to answer. */
const within = 3_000;

interface HealthOptions {
  /** On loopback; 0 takes a free one. */
  readonly port: number;
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly polling: readonly Polling[];
}

/**
 * Answers `GET /live` (the process runs) and `GET /ready` (all its workers run, and Temporal says that it heard them poll lately), as the API does for
 * itself: 200, or 503 with a sentence for each role.
 */
export async function serveHealth({ port, connection, namespace, polling }: HealthOptions): Promise<Health> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/live') return answer(200, { live: true });
    if (request.url !== '/ready') return answer(404, { detail: 'there are /live and /ready' });
    void Promise.all(polling.map((one) => checkOf({ connection, namespace, one }))).then((checks) => {
      const ready = checks.every(({ ok }) => ok);
      answer(ready ? 200 : 503, { ready, checks: Object.fromEntries(checks.map(({ role, ...check }) => [role, check])) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`WORKER_HEALTH_PORT is ${port}, where nothing can listen (${errorMessage(error)}): choose another port, or unset it`, { cause: error })));
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Check {
  readonly role: string;
  readonly ok: boolean;
  readonly detail: string;
}

async function checkOf({ connection, namespace, one }: Pick<HealthOptions, 'connection' | 'namespace'> & { one: Polling }): Promise<Check> {
  const { role, taskQueue, identity } = one;
  const state = one.state();
  if (state !== 'RUNNING') return { role, ok: false, detail: `the worker is ${state}` };
  try {
    const taskQueueType = role === 'workflows' ? TASK_QUEUE_TYPE_WORKFLOW : TASK_QUEUE_TYPE_ACTIVITY;
    const { pollers } = await connection.withDeadline(Date.now() + within, () => connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType }));
    const own = (pollers ?? []).some((poller) => poller.identity === identity && Date.now() - Number(poller.lastAccessTime?.seconds ?? 0) * 1_000 < recent);
    return { role, ok: own, detail: own ? 'polls' : `Temporal has not heard it poll the task queue "${taskQueue}" lately` };
  } catch (error) {
    return { role, ok: false, detail: `Temporal does not answer: ${errorMessage(error)}` };
  }
}

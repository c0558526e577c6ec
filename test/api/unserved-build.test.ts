import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { searchAttributes, taskQueues } from '../../contracts/verbs.ts';
import { freePort } from '../../platform/ports.ts';
import { moduleFile } from '../../platform/repository.ts';
import { type EmbeddedTemporal, startTemporal } from '../../temporal/start.ts';
import { buildIdOf } from '../../workers/builds/build-id.ts';
import { deploymentIn } from '../../workers/builds/deployment.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { run, type Running } from '../../workers/running.ts';
import { createWorkflowWorker } from '../../workers/workflow-worker.ts';
import type { waits } from '../workers/waits.ts';
import { closeAfterAll, type ProblemBody, type RunningApi, startApiProcess, temporaryDirectory, type User } from './running-api.ts';

const namespace = 'default';
const id = 'waits/4711';
const later = closeAfterAll();
let temporal: EmbeddedTemporal;
let api: RunningApi;
let olga: User;
/** Of a deploy and of the next. */
let codes: readonly [string, string];
let options: Parameters<typeof startTemporal>[0];

beforeAll(async () => {
  const dataDir = await temporaryDirectory();
  later(() => rm(dataDir, { recursive: true, force: true }));
  options = { dataDir, port: await freePort(), searchAttributes, ui: false };
  temporal = await startTemporal(options);
  later(() => temporal.stop());
  api = await startApiProcess({ temporal });
  later(() => api.stop());
  olga = await api.user({ name: 'olga', roles: ['operator'] });
  const { code } = await bundleWorkflows({ workflowsPath: moduleFile('test/workers/waits'), shared: [] });
  codes = [code, code.replaceAll('made yesterday', 'made today')];
});

/** A worker for workflows that runs this build and no other. */
async function deploy(code: string): Promise<Running> {
  const connection = await NativeConnection.connect({ address: temporal.address });
  const buildId = buildIdOf(code);
  const worker = run(await createWorkflowWorker({ connection, namespace, code, buildId }));
  await deploymentIn({ connection, namespace }).makeCurrent(buildId, AbortSignal.timeout(60_000));
  return { stop: worker.stop, ended: worker.ended.finally(() => connection.close()) };
}

async function begun(client: Client): Promise<void> {
  const handle = client.workflow.getHandle(id);
  while (!(await handle.describe()).raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion) await pause(25);
}

describe('an instance whose build nobody runs', () => {
  it('is told so at once to who decides in it, with the build and what to do', async () => {
    const [first, second] = codes;
    const before = await deploy(first);
    const connection = await Connection.connect({ address: temporal.address });
    const client = new Client({ connection, namespace });
    await client.workflow.start<typeof waits>('waits', { taskQueue: taskQueues.workflows, workflowId: id, args: ['end'] });
    await begun(client);
    await connection.close();
    before.stop();
    await before.ended;
    // A server that has just started remembers no worker of before.
    await temporal.stop();
    temporal = await startTemporal(options);

    const now = await deploy(second);
    try {
      const retry = await olga<ProblemBody>(`/api/instances/${encodeURIComponent(id)}/incidents/any.1/retry`, { method: 'POST', json: {} });
      expect(retry).toMatchObject({ status: 503, body: { detail: expect.stringContaining(`no worker runs build ${buildIdOf(first)}, which the instance began with: nothing was recorded`) } });
    } finally {
      now.stop();
      await now.ended;
    }

    const again = await deploy(first);
    try {
      // It is heard: that it does not know the verb is its own answer.
      const retry = await olga<ProblemBody>(`/api/instances/${encodeURIComponent(id)}/incidents/any.1/retry`, { method: 'POST', json: {} });
      expect(retry.body.detail).not.toContain('no worker runs');
      expect(retry.status).not.toBe(503);
    } finally {
      again.stop();
      await again.ended;
    }
  });
});

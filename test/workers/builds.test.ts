import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { taskQueues } from '../../contracts/verbs.ts';
import { moduleFile } from '../../platform/repository.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { buildIdOf } from '../../workers/builds/build-id.ts';
import { deploymentIn } from '../../workers/builds/deployment.ts';
import { forgetBundles } from '../../workers/builds/forget-bundles.ts';
import { keptBundlesIn } from '../../workers/builds/kept-bundles.ts';
import { type Builds, runBuilds } from '../../workers/builds/run-builds.ts';
import { passGate } from '../../workers/gate/gate.ts';
import { run, type Running } from '../../workers/running.ts';
import { createWorkflowWorker } from '../../workers/workflow-worker.ts';
import { type Server, startServer } from '../kit/server.ts';
import type { Then, waits } from './waits.ts';

const namespace = 'default';
let server: Server;
let directory: string;
let yesterday: string;
let today: string;
let tomorrow: string;
let started: Running[] = [];
const told: string[] = [];

beforeAll(async () => {
  server = await startServer();
  directory = await mkdtemp(join(tmpdir(), 'throughline-builds-'));
  yesterday = (await bundleWorkflows({ workflowsPath: moduleFile('test/workers/waits'), shared: [] })).code;
  today = yesterday.replaceAll('made yesterday', 'made today');
  tomorrow = yesterday.replaceAll('made yesterday', 'made tomorrow');
});
afterEach(async () => {
  for (const one of started) one.stop();
  await Promise.all(started.map(({ ended }) => ended));
  started = [];
  told.length = 0;
});
afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

/** A worker process of this build, as far as workflows go. */
async function deploy(code: string, { makeCurrent = true } = {}): Promise<Builds> {
  // As each process has its own: the SDK takes two workers of one build on one connection for a mistake.
  const connection = await NativeConnection.connect({ address: server.address });
  const createWorker = (build: { buildId: string; code: string }) => createWorkflowWorker({ connection, namespace, ...build });
  const builds = await runBuilds({ connection, namespace, code, directory, makeCurrent, tell: (line) => told.push(line), every: 100, createWorker });
  const deployed = { ...builds, ended: builds.ended.finally(() => connection.close()) };
  started.push(deployed);
  return deployed;
}
async function stop(one: Running): Promise<void> {
  started = started.filter((other) => other !== one);
  one.stop();
  await one.ended;
}
const start = (then: Then = 'end') => server.client.workflow.start<typeof waits>('waits', { taskQueue: taskQueues.workflows, workflowId: randomUUID(), args: [then] });
/** Settles when a worker has begun with it: until then it belongs to no build. */
async function begun(handle: WorkflowHandle): Promise<string | undefined> {
  for (const began = Date.now(); ; await pause(25)) {
    const { workflowExecutionInfo: info } = (await handle.describe()).raw;
    if (Number(info?.historyLength) >= 4) return info?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
    if (Date.now() - began > 60_000) throw new Error(`nobody begins with ${handle.workflowId}`);
  }
}
async function goOn(handle: WorkflowHandle<typeof waits>): Promise<string> {
  await handle.signal('go');
  return handle.result();
}
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const began = Date.now(); !(await holds()); await pause(25)) if (Date.now() - began > 60_000) throw new Error(`did not come to pass; told was:\n${told.join('\n')}`);
}

describe('builds of workers', () => {
  // The first, while Temporal knows no build yet.
  it('an instance that began before there were builds goes on with today\'s, and stays with it', async () => {
    const before = run(await createWorkflowWorker({ connection: server.native, namespace, code: yesterday }));
    started.push(before);
    const old = await start('again');
    expect(await begun(old)).toBeUndefined();
    await stop(before);
    const { own } = await deploy(today);
    await old.signal('go');
    const next = server.client.workflow.getHandle<typeof waits>(old.workflowId);
    await until(async () => (await next.describe()).raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId === own);
    await deploy(tomorrow);
    expect(await goOn(next)).toBe('made today');
  });

  it('while two builds run, each instance stays with its own: by itself, in sub-processes and when it continues as new', async () => {
    await deploy(today);
    const cases = ['end', 'child', 'again'] as const;
    const old = await Promise.all(cases.map(start));
    await Promise.all(old.map(begun));
    await deploy(tomorrow);
    const fresh = await Promise.all(cases.map(start));
    await Promise.all(fresh.map(begun));
    for (const [handles, words] of [[old, 'made today'], [fresh, 'made tomorrow']] as const) {
      const [ends, child, again] = handles;
      expect(await goOn(ends as WorkflowHandle<typeof waits>)).toBe(words);
      expect(await goOn(child as WorkflowHandle<typeof waits>)).toBe(words);
      await again?.signal('go');
      const newest = server.client.workflow.getHandle<typeof waits>(again?.workflowId ?? '');
      await until(async () => (await newest.describe()).runId !== again?.firstExecutionRunId);
      expect(await goOn(newest)).toBe(words);
    }
  });

  it('a build whose worker is gone is run by the next one, until its last instance has ended', async () => {
    const first = await deploy(today);
    const old = [await start(), await start('child')];
    await Promise.all(old.map(begun));
    await stop(first);
    await until(async () => (await deploymentIn({ connection: server.native, namespace }).openInstances(first.own)) === 2);
    const second = await deploy(tomorrow);
    expect(second.former()).toEqual([first.own]);
    for (const one of old) expect(await goOn(one)).toBe('made today');
    await until(() => told.includes(`build ${first.own} has no open instance any more: its worker ended`));
    expect(second.former()).toEqual([]);
  });

  it('the source that is started last is the one that new instances take, also when it is the older one', async () => {
    await deploy(tomorrow);
    await deploy(today);
    const back = await start();
    await begun(back);
    expect(await goOn(back)).toBe('made today');
  });

  it('a worker that is told so takes part without taking new instances', async () => {
    await deploy(tomorrow);
    const guest = await deploy(today, { makeCurrent: false });
    expect(guest.own).toBe(buildIdOf(today));
    const fresh = await start();
    await begun(fresh);
    expect(await goOn(fresh)).toBe('made tomorrow');
  });

  it('of two that start at once, one is current and both are ready', async () => {
    await Promise.all([deploy(today), deploy(tomorrow)]);
    const current = await deploymentIn({ connection: server.native, namespace }).currentBuild();
    const fresh = await start();
    expect(await begun(fresh)).toBe(current);
    expect([buildIdOf(today), buildIdOf(tomorrow)]).toContain(current);
    await goOn(fresh);
  });

  it('says which build it cannot run, and why', async () => {
    const first = await deploy(yesterday);
    const held = await start();
    await begun(held);
    await stop(first);
    await until(async () => (await deploymentIn({ connection: server.native, namespace }).openInstances(first.own)) === 1);
    await writeFile(join(directory, `${first.own}.js`), 'no bundle');
    const second = await deploy(today);
    expect(second.troubles()).toEqual([expect.stringMatching(new RegExp(`^open instances are pinned to build ${first.own}, which cannot be run here: .*it was changed or cut off.*npm run replay-gate -- --build ${first.own} --move`))]);
    await writeFile(join(directory, `${first.own}.js`), yesterday);
    await until(() => second.former().includes(first.own) && second.troubles().length === 0);
    expect(await goOn(held)).toBe('made yesterday');
  });

  it('forgets a bundle only when no worker has run it for a day and Temporal holds no instance of it', async () => {
    const { own } = await deploy(today);
    const done = await start();
    await begun(done);
    await goOn(done);
    const kept = keptBundlesIn(directory);
    const deployment = deploymentIn({ connection: server.native, namespace });
    const [unused, fresh] = [today.replaceAll('made today', 'made never'), today.replaceAll('made today', 'made just now')];
    for (const code of [unused, fresh]) await kept.keep(code);
    const longAgo = new Date(Date.now() - 25 * 3_600_000);
    for (const { buildId } of await kept.list()) if (buildId !== buildIdOf(fresh)) await utimes(join(directory, `${buildId}.js`), longAgo, longAgo);
    await until(async () => deployment.hasInstances(own));
    await forgetBundles({ kept, deployment, inUse: [own], code: today });
    const left = (await kept.list()).map(({ buildId }) => buildId);
    // Yesterday's and tomorrow's instances have ended, and may still be reset.
    expect([...left].sort()).toEqual([yesterday, today, tomorrow, fresh].map(buildIdOf).sort());
  });

  it('the gate moves nothing to a build that nobody runs', async () => {
    await expect(passGate({ connection: server.native, namespace, sample: 0, processes: [], move: true })).rejects.toThrow(/no worker runs build [0-9a-f]{16}/);
  });
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildOptions } from '../../platform/child-process.ts';
import { startChild } from '../../platform/child-process.ts';
import { gone, groupMembers, startProgram } from '../temporal/processes.ts';

describe('a child process', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'throughline-child-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const node = (code: string, options: Partial<ChildOptions> = {}) =>
    startChild({ name: 'the worker', command: process.execPath, args: ['-e', code], logFile: join(directory, 'logs', 'child.log'), ...options });
  const patient = 'setInterval(() => {}, 1000);';

  it('tells its parent that it is ready, and what the parent should know', async () => {
    const child = node(`console.log('starting'); console.log('ready ' + JSON.stringify({ port: 4711 })); ${patient}`, { ready: true });
    await expect(child.ready).resolves.toEqual({ port: 4711 });
    await child.stop();
    expect(child.logTail()).toContain('starting');
  });

  it('that ends before it is ready is an error which quotes its last words, and only this run’s', async () => {
    const logFile = join(directory, 'early.log');
    await node(`console.log('words of an earlier run')`, { logFile }).exited;
    const child = node(`console.error('cannot reach the database'); process.exit(3)`, { logFile, ready: true });
    await expect(child.ready).rejects.toThrow(/^the worker ended with code 3; the end of .*early\.log says:\ncannot reach the database$/);
    await expect(readFile(logFile, 'utf8')).resolves.toContain('words of an earlier run');
  });

  it('that is not ready in time is killed', async () => {
    const child = node(patient, { ready: true, readyWithin: 50 });
    await expect(child.ready).rejects.toThrow('the worker was not ready after 0.05 s and was killed');
    await expect(child.exited).resolves.toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('whose program does not exist says so', async () => {
    const child = node('', { command: 'no-such-program', ready: true });
    await expect(child.ready).rejects.toThrow(/the worker ended with code 127.*\n.*no-such-program/);
  });

  it('whose working directory does not exist is refused', () => {
    expect(() => node('', { cwd: join(directory, 'nowhere') })).toThrow(/its working directory .*nowhere does not exist/);
  });

  it('gets its environment on top of the parent’s', async () => {
    const child = node(`console.log('ready ' + JSON.stringify({ path: process.env.PATH, added: process.env.ADDED }))`, { ready: true, env: { ADDED: 'yes' } });
    await expect(child.ready).resolves.toEqual({ path: process.env['PATH'], added: 'yes' });
    await expect(child.exited).resolves.toEqual({ code: 0, signal: null });
  });

  it('may end in order when it is stopped', async () => {
    const child = node(`process.on('SIGTERM', () => process.exit(7)); console.log('ready {}'); ${patient}`, { ready: true });
    await child.ready;
    await child.stop();
    await expect(child.exited).resolves.toEqual({ code: 7, signal: null });
    // Once more does no harm.
    await child.stop();
    child.kill();
  });

  it('that does not end when it is stopped is killed after the grace period', async () => {
    const child = node(`process.on('SIGTERM', () => {}); console.log('ready {}'); ${patient}`, { ready: true });
    await child.ready;
    await child.stop(50);
    await expect(child.exited).resolves.toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('takes along what it has started, however it ends', async () => {
    const starts = `require('node:child_process').spawn('sleep', ['600'], { stdio: 'ignore' }); console.log('ready {}');`;
    for (const [code, end] of [
      [`${starts} ${patient}`, 'kill'],
      [`${starts} ${patient}`, 'stop'],
      [`${starts} process.exit(0)`, 'exit'],
    ] as const) {
      const child = node(code, { ready: true });
      await child.ready;
      const members = await groupMembers(child.pid);
      if (end === 'kill') child.kill();
      if (end === 'stop') await child.stop();
      await child.exited;
      await gone(child.pid, ...members);
      expect(await groupMembers(child.pid)).toEqual([]);
    }
  });

  it('ends, with all it has started, when its parent is killed with kill -9', async () => {
    const parent = startProgram({ file: 'parent.ts', directory });
    const { child, grandchild } = await parent.ready;
    process.kill(parent.pid, 'SIGKILL');
    await expect(parent.exited).resolves.toEqual({ code: null, signal: 'SIGKILL' });
    await gone(Number(child), Number(grandchild));
  });
});

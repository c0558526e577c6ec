import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Child } from '../../platform/child-process.ts';
import { startChild } from '../../platform/child-process.ts';
import { repository } from '../../platform/repository.ts';

const run = promisify(execFile);

/** Settles when these processes are no more (a zombie, which only waits to be reaped, is none); fails by the test's own timeout. */
export async function gone(...pids: number[]): Promise<void> {
  while ((await states(pids)).some((state) => !state.startsWith('Z'))) {
    // Each look is a process of its own, so this is no busy loop.
  }
}

/** The process numbers of all that belong to a process group. */
export async function groupMembers(group: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,pgid=,stat=']);
  const rows = stdout.trim().split('\n').map((row) => row.trim().split(/\s+/));
  return rows.filter(([, pgid, state]) => Number(pgid) === group && !state?.startsWith('Z')).map(([pid]) => Number(pid));
}

async function states(pids: number[]): Promise<string[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,stat=']);
  const rows = stdout.trim().split('\n').map((row) => row.trim().split(/\s+/));
  return rows.filter(([pid]) => pids.includes(Number(pid))).map(([, state = '']) => state);
}

/** Starts one of the programs beside this file. */
export function startProgram({ file, directory }: { file: string; directory: string }): Child {
  return startChild({
    name: file,
    command: process.execPath,
    args: ['--import', 'tsx', fileURLToPath(new URL(`./programs/${file}`, import.meta.url)), directory],
    cwd: repository,
    // The test runner's own options are not the program's.
    env: { NODE_OPTIONS: undefined },
    logFile: `${directory}/${file}.log`,
    ready: true,
  });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from '../../platform/child-process.ts';
import { repository } from '../../platform/repository.ts';

export type RunningCommand = ReturnType<typeof startCommand>;

interface Command {
  /** `launch/start`, … */
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string | undefined>;
  /** Where what it prints is kept. */
  readonly directory: string;
  readonly name: string;
  /** The repository, or a copy of it. */
  readonly root?: string;
}

/** Runs one of our programs as a person would. It ends with this process. */
export function startCommand({ program, args = [], env = {}, directory, name, root = repository }: Command) {
  const out = join(directory, `${name}.out`);
  const child = startChild({
    name,
    command: '/bin/sh',
    // Output and errors apart: a program may promise what stands on its output.
    args: ['-c', 'out="$1"; shift; exec "$@" > "$out"', 'sh', out, process.execPath, '--import', 'tsx', `${program}.ts`, ...args],
    cwd: root,
    env: { NODE_OPTIONS: undefined, ...env },
    logFile: join(directory, `${name}.err`),
  });
  let ended = false;
  void child.exited.then(() => (ended = true));
  const printed = (): Promise<string> => readFile(out, 'utf8').catch(() => '');

  return {
    pid: child.pid,
    exited: child.exited,
    printed,
    complaints: () => readFile(child.logFile, 'utf8'),
    kill: () => child.kill(),
    stop: () => child.stop(),
    /** As Ctrl-C does. */
    interrupt: () => process.kill(child.pid, 'SIGINT'),
    /** Waits until what it prints is as wanted, and gives that; throws with its complaints when it ends before. */
    async until<T>(read: (text: string) => T | undefined): Promise<T> {
      for (;;) {
        const last = ended;
        const found = read(await printed());
        if (found !== undefined) return found;
        if (last) throw new Error(`${name} ended before it printed what is waited for:\n${await readFile(child.logFile, 'utf8')}`);
        await pause(100);
      }
    },
  };
}

import { spawn } from 'node:child_process';
import { closeSync, existsSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { ChildLog } from './child-log.ts';
import { openChildLog, readTail } from './child-log.ts';
import { errorCode } from './errors.ts';

export interface ChildOptions {
  /** Who this is, for messages: "Temporal server". */
  name: string;
  command: string;
  args?: readonly string[];
  /** Added to this process's environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Standard output and error are appended here; its directory is made. */
  logFile: string;
  /** Whether the child says so itself when it is ready (see `tellReady`). */
  ready?: boolean;
  /** Milliseconds that a child with `ready` may take before it is killed; default 60,000. */
  readyWithin?: number;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  name: string;
  pid: number;
  logFile: string;
  /** Settles when the process itself has ended; never rejects. */
  exited: Promise<Exit>;
  /** What the child told with `tellReady`; `{}` at once when `ready` was not asked for. Rejects with the end of its log. */
  ready: Promise<Record<string, unknown>>;
  /** SIGTERM, then SIGKILL to the group after `grace` milliseconds (10,000). Settles when it has ended. */
  stop(grace?: number): Promise<void>;
  /** SIGKILL to the process and all it started, now. */
  kill(): void;
  /** The last lines that this run has logged. */
  logTail(): string;
}

/*
 * The shell becomes the command (exec), so pid, signals and exit code are the command's own. Before that it leaves a
 * watchdog in the same process group, which reads a pipe that nobody writes to and whose other end only this process has. The kernel
 * closes it when this process ends, kill -9 included; then the read ends and the group is killed: no orphans, on Linux
 * and macOS alike. The command itself does not get the descriptor.
 */
const watchdog = `
( read -r _ <&3; kill -KILL 0 ) </dev/null >/dev/null 2>&1 &
exec 3<&-
exec "$@"
`;

/**
 * Starts a process that cannot outlive this one. It leads a process group of its own, so Ctrl-C in the terminal reaches this
 * process only, which may then stop its children in order. A grandchild in yet another group (a browser, say) is for the child to end.
 * A command that does not exist is an early exit with code 127.
 *
 * @throws Error when the log cannot be written or no process can be made
 */
export function startChild(options: ChildOptions): Child {
  const { name, command, args = [], env, cwd, logFile } = options;
  const log = openChildLog(logFile);
  const spawned = spawn('/bin/sh', ['-c', watchdog, name, command, ...args], {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', options.ready ? 'pipe' : log.fd, log.fd, 'pipe'],
  });
  const { pid } = spawned;
  if (pid === undefined) {
    closeSync(log.fd);
    // Node tells it once more, later, by an event that would end this process if nobody listened.
    spawned.once('error', () => spawned.unref());
    const why = cwd && !existsSync(cwd) ? `its working directory ${cwd} does not exist` : 'the system could not make a process';
    throw new Error(`cannot start ${name} (${command}): ${why}`);
  }

  const lifeline = spawned.stdio[3];
  // Closed by the other side when the group is killed, which `exited` tells.
  lifeline?.on('error', () => lifeline.destroy());

  let running = true;
  const kill = () => {
    if (running) killGroup(pid);
  };
  const exited = new Promise<Exit>((resolve) => {
    spawned.once('exit', (code, signal) => {
      // The watchdog and what the command has left; from here on the number may be given to another group.
      kill();
      running = false;
      lifeline?.destroy();
      resolve({ code, signal });
    });
  });
  const child: Child = {
    name,
    pid,
    logFile,
    exited,
    ready: Promise.resolve({}),
    kill,
    logTail: () => readTail(log),
    async stop(grace = 10_000) {
      spawned.kill('SIGTERM');
      const timer = setTimeout(kill, grace);
      await exited;
      clearTimeout(timer);
    },
  };
  if (spawned.stdout) {
    child.ready = listenForReady({ child, stdout: spawned.stdout, log, within: options.readyWithin ?? 60_000 });
    // A caller that only waits for `exited` must not die of it.
    child.ready.catch(() => undefined);
  } else {
    closeSync(log.fd);
  }
  return child;
}

/** The child's side of `ready: true`: tells the parent, once, that it is ready, with what the parent should know (JSON). */
export function tellReady(facts: Record<string, unknown>): void {
  process.stdout.write(`ready ${JSON.stringify(facts)}\n`);
}

/** The error to throw when a child has ended that should still run. */
export function earlyExit(child: Child, { code, signal }: Exit): Error {
  return new Error(`${child.name} ended with ${signal ?? `code ${code}`}; ${quoteLog(child)}`);
}

function quoteLog(child: Child): string {
  const tail = child.logTail();
  return tail ? `the end of ${child.logFile} says:\n${tail}` : `its log ${child.logFile} is empty`;
}

interface Listening {
  child: Child;
  stdout: Readable;
  log: ChildLog;
  within: number;
}

function listenForReady({ child, stdout, log, within }: Listening): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      reject(new Error(`${child.name} was not ready after ${within / 1000} s and was killed; ${quoteLog(child)}`));
      child.kill();
    }, within);
    let seen: string | undefined = '';
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      writeSync(log.fd, chunk);
      if (seen === undefined) return;
      seen += chunk;
      const told = /^ready (\{.*\})\r?\n/m.exec(seen)?.[1];
      if (told === undefined) return;
      seen = undefined;
      clearTimeout(deadline);
      try {
        // In braces, so that what can be read is an object.
        resolve(JSON.parse(told) as Record<string, unknown>);
      } catch (error) {
        reject(new Error(`${child.name} said that it is ready, but not in JSON: ${told}`, { cause: error }));
      }
    });
    // After the last output, which may come later than the exit.
    stdout.once('close', () => {
      clearTimeout(deadline);
      closeSync(log.fd);
      void child.exited.then((exit) => reject(earlyExit(child, exit)));
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // No such group: all have ended. macOS says EPERM when only zombies are left in it.
    if (!['ESRCH', 'EPERM'].includes(String(errorCode(error)))) throw error;
  }
}

import { execFileSync } from 'node:child_process';

/** The ids of the browsers that a process started. */
export function browsersOf(parent: number): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, startedBy, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return Number(startedBy) === parent && command.includes('--remote-debugging-pipe') ? [Number(pid)] : [];
    });
}

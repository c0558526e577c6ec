import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface ChildLog {
  file: string;
  /** For appending. */
  fd: number;
  /** Bytes that earlier runs have left. */
  start: number;
}

const rotateAt = 10_000_000;
const tailBytes = 4_000;
const tailLines = 15;

/** Opens a log for one more run; its directory is made. Earlier runs stay, since a crash is often looked into after the restart. */
export function openChildLog(file: string): ChildLog {
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > rotateAt) renameSync(file, `${file}.old`);
  const fd = openSync(file, 'a');
  return { file, fd, start: fstatSync(fd).size };
}

/** The last lines of this run, without earlier ones; '' when it has written nothing. */
export function readTail({ file, start }: ChildLog): string {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const from = Math.max(start, size - tailBytes);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    readSync(fd, buffer, 0, buffer.length, from);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-tailLines).join('\n');
  } finally {
    closeSync(fd);
  }
}

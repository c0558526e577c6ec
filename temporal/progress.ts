import { setTimeout as pause } from 'node:timers/promises';

/** Gets a line for people at times; never silent for longer than 5 s while something takes long. */
export type Progress = (line: string) => void;

const lineEvery = 5_000;
const lookEvery = 250;

/** Lets a line through every 5 s, with the seconds since the start. */
export function ticker(progress: Progress): (line: (seconds: number) => string) => void {
  const started = Date.now();
  let next = started + lineEvery;
  return (line) => {
    const now = Date.now();
    if (now < next) return;
    next = now + lineEvery;
    progress(line(Math.round((now - started) / 1000)));
  };
}

/** Awaits the work and takes a look at it four times a second. */
export async function watch<T>(work: Promise<T>, look: () => Promise<void>): Promise<T> {
  let over = false;
  const done = work.finally(() => (over = true));
  const looking = async () => {
    while (!over) {
      await look();
      await Promise.race([pause(lookEvery, undefined, { ref: false }), done]);
    }
  };
  const [result] = await Promise.all([done, looking()]);
  return result;
}

import type { Pixels } from '../../documents/picture.ts';
import { createThread } from '../../documents/off-thread.ts';
import type { Prepared } from './prepare-thread.ts';

const thread = createThread({ entry: 'activities/ocr/prepare-thread', memory: 512 });

/** Makes a drawn page ready to be recognised, off the thread that heartbeats: see prepare-thread.ts. */
export async function prepare(pixels: Pixels, { within, signal }: { within: number; signal?: AbortSignal }): Promise<Prepared> {
  return (await thread.call({ name: 'prepare', argument: pixels, within, ...(signal && { signal }) })) as Prepared;
}

export const closePrepare = (): Promise<void> => thread.close();

import { isSkipped } from './failure.ts';

/** A step that may be skipped: it then gives nothing. What it did by then stays registered to be undone. */
export async function orNothing(asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked;
  } catch (error) {
    if (isSkipped(error)) return undefined;
    throw error;
  }
}

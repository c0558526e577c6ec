import { forEach, type Success } from '../../workflows/kit/for-each.ts';

const seeds = ['rose', 'sage'] as const;
const sow = async (seed: string): Promise<number> => Promise.resolve(seed.length);

// All results in order, or, with enough, those that succeeded with their index.
export const all: Promise<readonly number[]> = forEach(seeds, sow, { atMost: 1 });
export const some: Promise<readonly Success<number>[]> = forEach(seeds, sow, { enough: 1 });

// @ts-expect-error: with enough there may be fewer, so each says which it is
export const notAll: Promise<readonly number[]> = forEach(seeds, sow, { enough: 1 });

// @ts-expect-error: no such option
export const odd = forEach(seeds, sow, { atLeast: 1 });

/** A source of whole numbers from 0 up to, but without, `below`: the same seed gives the same numbers. */
export type Draw = (below: number) => number;

/** Mulberry32, a generator of 32 bits: small, and even enough to choose what goes wrong. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** True once in `times`. */
export const onceIn = (draw: Draw, times: number): boolean => draw(times) === 0;

export function pick<T>(draw: Draw, from: readonly T[]): T {
  const picked = from[draw(from.length)];
  if (picked === undefined) throw new Error('there is nothing to pick from');
  return picked;
}

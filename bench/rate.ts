/** Does something `count` times, `atOnce` at a time; answers how many were done in a second. */
export async function perSecond({ count, atOnce, one }: { count: number; atOnce: number; one: () => Promise<unknown> }): Promise<number> {
  const began = performance.now();
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return count / ((performance.now() - began) / 1_000);
}

/** Who comes when in this round: alternates who goes first, so that a drift of the machine favours neither. */
export const inTurn = <Side>(sides: readonly Side[], round: number): readonly Side[] => (round % 2 ? [...sides].reverse() : sides);

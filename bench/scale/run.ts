import { inTurn, perSecond } from '../rate.ts';
import { median, report, type Result } from '../report.ts';
import { tell } from '../temporal.ts';
import { type Side, startSide } from './side.ts';

/**
 * What one instance costs while so many others are open. Two platforms run beside each other: one keeps the smallest number open, the other is filled
 * from one number to the next. At each, both are given work in turn: `rounds` pairs of `instances` each, `atOnce` at a time, then `singles` pairs of
 * single instances. So what else the machine does meets both.
 */
export async function scale({ json, open, rounds = 6, instances = 30, atOnce = 20, singles = 20 }: { json: boolean; open: string; rounds?: number; instances?: number; atOnce?: number; singles?: number }): Promise<boolean> {
  const [least = 0, ...others] = numbersOf(open);
  const sides: Side[] = [];
  try {
    for (let nth = 0; nth < 2; nth++) sides.push(await startSide());
    const [few, many] = sides;
    if (!few || !many) throw new Error('two platforms were to be started');
    for (const side of sides) {
      await side.fill(least);
      // The first ones pay for connections, caches and compilation.
      await perSecond({ count: 2 * instances, atOnce, one: side.one });
    }
    const results: Result[] = [];
    for (const count of [least, ...others]) {
      await many.fill(count);
      const found = await compare({ few, many, least, count, rounds, instances, atOnce, singles });
      for (const { metric, value, unit } of found) tell(`${metric}: ${value.toFixed(2)} ${unit}`);
      results.push(...found);
    }
    report({ bench: 'scale', results, json });
    return results.every(({ met }) => met !== false);
  } finally {
    for (const side of sides) await side.stop();
  }
}

/** @throws Error when it is no list of numbers that grow */
function numbersOf(text: string): readonly number[] {
  const numbers = text.split(',').map(Number);
  const grow = numbers.every((number, at) => Number.isInteger(number) && number > (numbers[at - 1] ?? -1));
  if (!grow || text.trim() === '') throw new Error(`--open is "${text}": give whole numbers that grow, for example --open 10,1000,20000`);
  return numbers;
}

interface Comparison {
  readonly few: Side;
  readonly many: Side;
  readonly least: number;
  readonly count: number;
  readonly rounds: number;
  readonly instances: number;
  readonly atOnce: number;
  readonly singles: number;
}

async function compare({ few, many, least, count, rounds, instances, atOnce, singles }: Comparison): Promise<Result[]> {
  const pairs = async (times: number, measure: (side: Side) => Promise<number>): Promise<{ readonly few: number; readonly many: number; readonly ratio: number }> => {
    const figures = new Map<Side, number[]>([[few, []], [many, []]]);
    for (let round = 0; round < times; round++) {
      for (const side of inTurn([few, many], round)) figures.get(side)?.push(await measure(side));
    }
    const [ofFew = [], ofMany = []] = [figures.get(few), figures.get(many)];
    return { few: median(ofFew), many: median(ofMany), ratio: median(ofMany.map((figure, at) => figure / (ofFew[at] ?? NaN))) };
  };
  const cost = await pairs(rounds, async ({ one }) => 1_000 / (await perSecond({ count: instances, atOnce, one })));
  const latency = await pairs(singles, async ({ one }) => {
    const began = performance.now();
    await one();
    return performance.now() - began;
  });
  const among = `${count} / ${least} open`;
  // Both platforms alike: what differs is the machine's doing.
  if (count === least) {
    return [
      { metric: `cost, both with ${least} open`, value: cost.ratio, unit: among, goal: null, met: null },
      { metric: `latency, both with ${least} open`, value: latency.ratio, unit: among, goal: null, met: null },
    ];
  }
  return [
    { metric: `an instance, ${atOnce} at once, ${least} open`, value: cost.few, unit: 'ms', goal: null, met: null },
    { metric: `an instance, ${atOnce} at once, ${count} open`, value: cost.many, unit: 'ms', goal: null, met: null },
    { metric: `its cost with ${count} open`, value: cost.ratio, unit: among, goal: '<= 1.2', met: cost.ratio <= 1.2 },
    { metric: `latency p50, ${least} open`, value: latency.few, unit: 'ms', goal: null, met: null },
    { metric: `latency p50, ${count} open`, value: latency.many, unit: 'ms', goal: null, met: null },
    { metric: `its latency with ${count} open`, value: latency.ratio, unit: among, goal: '<= 1.2', met: latency.ratio <= 1.2 },
  ];
}

import { bulk as contract } from '../../contracts/processes/operations/bulk.ts';
import { flow } from '../kit/flow.ts';

/** Instances that one visit speaks to: some seconds' worth, so that progress shows and a pause is soon felt. */
const [seconds, most] = [10, 100];

export const bulk = flow(contract, async ({ filter, perSecond, ...said }, { select, apply }) => {
  const { targets, count } = await select({ filter });
  const atOnce = Math.max(1, Math.min(most, Math.round(perSecond * seconds)));
  const sum = { done: 0, refused: 0, failed: 0 };
  for (let from = 0; from < count; from += atOnce) {
    const { done, refused, failed } = await apply({ ...said, group: filter.group, targets, from, to: Math.min(count, from + atOnce), perSecond });
    sum.done += done;
    sum.refused += refused;
    sum.failed += failed;
  }
  return { matched: count, ...sum };
});

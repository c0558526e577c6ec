import { watch as contract } from '../../contracts/processes/operations/watch.ts';
import { product } from '../../contracts/watch.ts';
import { flow } from '../kit/flow.ts';

/** Seconds of release after which the system is asked again whether it still answers. */
const stretch = 10;
/** How often nobody must be found waiting. */
const enough = 2;

export const watch = flow(contract, async ({ group, probe, perSecond }, { probe: ask, select, release, settle }) => {
  let released = 0;
  const atOnce = Math.max(1, Math.round(perSecond * stretch));
  for (let quiet = 0; quiet < enough; ) {
    await ask({ activity: probe });
    const { targets, count } = await select({ filter: { group } });
    quiet = count === 0 ? quiet + 1 : 0;
    if (count > 0) released += (await release({ verb: 'retry', group, reason: 'the system answers again', actor: product, targets, from: 0, to: Math.min(count, atOnce), perSecond })).done;
    // Nothing after the last look: until the watch has ended, whoever comes to wait takes it that somebody looks.
    if (quiet < enough) await settle();
  }
  return { released };
});

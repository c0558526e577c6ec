import { z } from 'zod';
import { defineProcess } from '../../contracts/define/process.ts';
import { timer } from '../../contracts/define/timer.ts';
import { flow } from '../../workflows/kit/flow.ts';

const harvest = defineProcess({
  name: 'harvest',
  title: 'Wait for the harvest',
  input: z.strictObject({ ripe: z.string() }),
  output: z.strictObject({}),
  steps: { grow: timer({ name: 'grow', title: 'Let it grow', for: '90 days' }), ripen: timer({ name: 'ripen', title: 'Wait until it is ripe' }) },
});

// A timer whose contract says how long takes nothing, any other takes a length or a moment.
export const right = flow(harvest, async ({ ripe }, { grow, ripen }) => {
  await grow();
  await ripen({ for: '2 days' });
  await ripen({ until: ripe });
  return {};
});

export const wrong = flow(harvest, async ({ ripe }, { grow, ripen }) => {
  // @ts-expect-error: the contract has said how long
  await grow({ for: '2 days' });
  // @ts-expect-error: nobody has said how long
  await ripen();
  // @ts-expect-error: no unit that there is
  await ripen({ for: '2 fortnights' });
  // @ts-expect-error: a moment is a text
  await ripen({ until: new Date(ripe) });
  // @ts-expect-error: either a length or a moment
  await ripen({ for: '2 days', until: ripe, at: ripe });
  return {};
});

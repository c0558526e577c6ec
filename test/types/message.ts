import { z } from 'zod';
import { message } from '../../contracts/define/message.ts';
import { defineProcess } from '../../contracts/define/process.ts';
import { flow } from '../../workflows/kit/flow.ts';

const payload = z.strictObject({ outcome: z.enum(['bloomed', 'withered']) });

const flowering = defineProcess({
  name: 'flowering',
  title: 'Wait for the flower',
  input: z.strictObject({}),
  output: payload,
  steps: { flower: message({ name: 'flowered', title: 'Wait until it flowers', payload, within: '90 days', otherwise: { outcome: 'withered' } }) },
});

// A message gives what its payload says.
export const right = flow(flowering, async (_, { flower }) => {
  const { outcome } = await flower();
  return { outcome };
});

export const wrong = flow(flowering, async (_, { flower }) => {
  // @ts-expect-error: a message is asked nothing
  await flower({ outcome: 'bloomed' });
  const heard = await flower();
  // @ts-expect-error: the payload has no such field
  const { colour } = heard;
  return { ...heard, colour };
});

// @ts-expect-error: what holds when the time is over must be said
export const withoutDefault = message({ name: 'flowered', title: 'Wait until it flowers', payload, within: '90 days' });

// @ts-expect-error: without a time nothing is over
export const withoutTime = message({ name: 'flowered', title: 'Wait until it flowers', payload, otherwise: { outcome: 'withered' } });

export const oddDefault = message({
  name: 'flowered',
  title: 'Wait until it flowers',
  payload,
  within: '90 days',
  // @ts-expect-error: no payload of this message
  otherwise: { outcome: 'eaten' },
});

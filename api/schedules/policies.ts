import { z } from 'zod';
import { duration } from './duration.ts';

/** Temporal's words. Its `terminateOther` cannot be asked for here: what it ends leaves its effects behind. */
export const Overlap = z.enum(['skip', 'bufferOne', 'bufferAll', 'cancelOther', 'allowAll']);
export type Overlap = z.infer<typeof Overlap>;

/** With Temporal's own tools a schedule can get it all the same. */
export const OverlapShown = z.enum([...Overlap.options, 'terminateOther']);
export type OverlapShown = z.infer<typeof OverlapShown>;

/** What a schedule does besides its times. */
export const policies = {
  overlap: Overlap.default('skip').describe(
    'Where the last start still runs: `skip` this time, `bufferOne` or `bufferAll` to start when it has ended, `cancelOther` (which compensates) and start then, or `allowAll` at once.',
  ),
  catchupWindow: duration({ least: '10 seconds', most: '3650 days' }).default('1 day').describe('How late a start may still be made that was missed, for example while Temporal was down.'),
} as const;

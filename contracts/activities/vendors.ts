import { z } from 'zod';
import { service } from '../define/activity.ts';
import { TaxId, Vendor } from '../invoice.ts';

/** Answers while the system works. */
export const probe = service({
  name: 'vendors.probe',
  title: 'Ask whether the vendors file answers',
  input: z.strictObject({}),
  output: z.strictObject({ status: z.literal('up') }),
  readOnly: true,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
});

const bounds = {
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '5 minutes',
  // A quarter of a minute of silence; after that the probe asks for all that wait.
  patience: { attempts: 5 },
  probe: { asks: probe, perSecond: 10 },
} as const;

/** Rejected when there is no vendor with the tax id. */
export const findVendor = service({
  name: 'vendors.findVendor',
  title: 'Find the vendor',
  input: z.strictObject({ taxId: TaxId }),
  output: Vendor,
  readOnly: true,
  ...bounds,
});

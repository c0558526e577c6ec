import { z } from 'zod';
import { service } from '../define/activity.ts';
import { TaxId, Vendor } from '../invoice.ts';

/** Rejected when there is no vendor with the tax id. */
export const findVendor = service({
  name: 'vendors.findVendor',
  title: 'Find the vendor',
  input: z.strictObject({ taxId: TaxId }),
  output: Vendor,
  readOnly: true,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '5 minutes',
});

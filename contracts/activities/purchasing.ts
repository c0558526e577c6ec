import { z } from 'zod';
import { service } from '../define/activity.ts';
import { OrderNumber, PurchaseOrder } from '../invoice.ts';

/** Rejected when there is no purchase order with the number. */
export const findOrder = service({
  name: 'purchasing.findOrder',
  title: 'Find the purchase order',
  input: z.strictObject({ number: OrderNumber }),
  output: PurchaseOrder,
  readOnly: true,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '5 minutes',
});

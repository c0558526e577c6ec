import { z } from 'zod';
import { service } from '../define/activity.ts';
import { OrderNumber, PurchaseOrder } from '../invoice.ts';

/** Answers while the system works. */
export const probe = service({
  name: 'purchasing.probe',
  title: 'Ask whether purchasing answers',
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

/** Rejected when there is no purchase order with the number. */
export const findOrder = service({
  name: 'purchasing.findOrder',
  title: 'Find the purchase order',
  input: z.strictObject({ number: OrderNumber }),
  output: PurchaseOrder,
  readOnly: true,
  ...bounds,
});

import { z } from 'zod';
import { compensation, service } from '../define/activity.ts';
import { Iban } from '../invoice.ts';
import { Money } from '../money.ts';

/** Answers while the system works. */
export const probe = service({
  name: 'payments.probe',
  title: 'Ask whether payments answers',
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

const payment = {
  input: z.strictObject({ vendorId: z.string(), iban: Iban, amount: Money, reference: z.string().min(1).max(140), dueDate: z.iso.date() }),
  output: z.strictObject({ paymentId: z.string() }),
};

export const cancelPayment = compensation({
  name: 'payments.cancelPayment',
  title: 'Cancel the payment',
  kind: 'service',
  ...payment,
  ...bounds,
});

/** Rejected when the bank refuses the account. */
export const schedulePayment = service({
  name: 'payments.schedulePayment',
  title: 'Schedule the payment',
  ...payment,
  ...bounds,
  compensation: cancelPayment,
});

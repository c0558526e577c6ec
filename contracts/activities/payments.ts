import { z } from 'zod';
import { compensation, service } from '../define/activity.ts';
import { Iban } from '../invoice.ts';
import { Money } from '../money.ts';

const bounds = { startToCloseTimeout: '10 seconds', scheduleToCloseTimeout: '5 minutes' } as const;

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

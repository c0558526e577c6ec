import { z } from 'zod';
import { reserveBudget } from '../../../contracts/activities/ledger.ts';
import { sendMail } from '../../../contracts/activities/mail.ts';
import { schedulePayment } from '../../../contracts/activities/payments.ts';
import { message } from '../../../contracts/define/message.ts';
import { optional } from '../../../contracts/define/optional.ts';
import { defineProcess } from '../../../contracts/define/process.ts';
import { humanTask } from '../../../contracts/define/task.ts';
import { timer } from '../../../contracts/define/timer.ts';
import { Money } from '../../../contracts/money.ts';

const Bill = z.strictObject({ number: z.string(), price: Money });

/** What was ordered is paid for when somebody has agreed to the price. */
export const settleBill = defineProcess({
  name: 'settleBill',
  title: 'Settle a bill',
  input: Bill,
  output: z.strictObject({ paymentId: z.string() }),
  steps: {
    earmark: reserveBudget,
    agreePrice: humanTask({
      name: 'agreePrice',
      title: 'Agree to the price',
      input: Bill,
      form: z.discriminatedUnion('outcome', [z.strictObject({ outcome: z.literal('agree') }), z.strictObject({ outcome: z.literal('reject') })]),
      candidateGroups: ['finance'],
    }),
    pay: schedulePayment,
  },
});

/** Has what an invoice has not: the same for many, a message, a timer, a sub-process, and a step that it can do without. */
export const outing = defineProcess({
  name: 'outing',
  title: 'Take guests out',
  input: z.strictObject({ number: z.string(), guests: z.array(z.string()).min(1).max(20), objectionsWithin: z.int().positive() }),
  output: z.strictObject({ seats: z.int(), paymentId: z.string() }),
  steps: {
    reserveSeat: reserveBudget,
    confirmed: message({ name: 'confirmed', title: 'Wait for the confirmation', payload: z.strictObject({ price: Money }) }),
    objections: timer({ name: 'objections', title: 'Wait for objections' }),
    settle: settleBill,
    invite: optional(sendMail),
  },
});

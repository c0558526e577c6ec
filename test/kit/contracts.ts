import { z } from 'zod';
import { compensation, service } from '../../contracts/define/activity.ts';
import { defineProcess } from '../../contracts/define/process.ts';
import { humanTask } from '../../contracts/define/task.ts';

/** A small world for the tests of the kit: a laptop is ordered, approved, paid and handed out. What each system does is said by `trouble`. */

/** What goes wrong at a system; each is something that real systems do. */
export const Trouble = z.enum(['none', 'refuses', 'fails twice', 'fails until told', 'bad answer', 'huge answer', 'waits', 'crashes']);
export type Trouble = z.infer<typeof Trouble>;

const bounds = {
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '20 seconds',
  heartbeatTimeout: '2 seconds',
  retry: { initialInterval: '20 ms', maximumInterval: '100 ms', maximumAttempts: 3 },
} as const;

const Item = z.strictObject({ item: z.string().min(1), trouble: Trouble.optional(), undoTrouble: Trouble.optional() });
const shapes = { input: Item, output: z.strictObject({ number: z.string() }) };

export const cancelOrder = compensation({ name: 'shop.cancelOrder', title: 'Cancel the order', kind: 'service', ...shapes, ...bounds });
export const placeOrder = service({ name: 'shop.placeOrder', title: 'Place the order', ...shapes, ...bounds, compensation: cancelOrder });
export const refund = compensation({ name: 'bank.refund', title: 'Refund', kind: 'service', ...shapes, ...bounds });
export const pay = service({ name: 'bank.pay', title: 'Pay', ...shapes, ...bounds, compensation: refund });
export const lookUp = service({ name: 'shop.lookUp', title: 'Look up the item', ...shapes, ...bounds, readOnly: true });

export const approve = humanTask({
  name: 'approve',
  title: 'Approve the laptop',
  input: z.strictObject({ item: z.string(), requestedBy: z.string(), notes: z.string().optional() }),
  form: z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('approve'), limit: z.int().optional() }),
    z.strictObject({ outcome: z.literal('reject'), reason: z.string().min(3) }),
  ]),
  candidateGroups: ['managers'],
  excludedUsers: ({ requestedBy }) => [requestedBy],
  dueIn: '1 hour',
  escalateTo: ['directors'],
});
export const handOut = humanTask({
  name: 'handOut',
  title: 'Hand the laptop out',
  input: z.strictObject({ item: z.string() }),
  form: z.strictObject({ serial: z.string().min(1) }),
  candidateGroups: ['desk'],
  decideBy: 'update',
});

export const laptop = defineProcess({
  name: 'laptop',
  title: 'Order a laptop',
  input: z.strictObject({
    item: z.string(),
    requestedBy: z.string(),
    ask: z.boolean(),
    notes: z.string().optional(),
    order: Trouble.optional(),
    pay: Trouble.optional(),
    undo: Trouble.optional(),
    handOut: z.boolean().optional(),
    bug: z.boolean().optional(),
  }),
  output: z.strictObject({ order: z.string(), payment: z.string(), decidedBy: z.string().nullable() }),
  businessKey: ({ item }) => item,
  steps: { lookUp, placeOrder, approve, pay, handOut },
});

/** Both branches of a fork, and what happens to one when the other fails. */
export const fork = defineProcess({
  name: 'fork',
  title: 'Two at once',
  input: z.strictObject({ left: Trouble, right: Trouble, rightAsks: z.boolean().optional(), catches: z.boolean().optional() }),
  output: z.strictObject({ result: z.string() }),
  steps: { left: placeOrder, right: pay, ask: handOut },
});

/** The same step again and again. */
export const loop = defineProcess({
  name: 'loop',
  title: 'One step in a loop',
  input: z.strictObject({ times: z.int() }),
  output: z.strictObject({ numbers: z.array(z.string()) }),
  steps: { again: placeOrder },
});

import { z } from 'zod';
import { bot, compensation, service } from '../../contracts/define/activity.ts';
import { defineProcess } from '../../contracts/define/process.ts';
import { humanTask } from '../../contracts/define/task.ts';
import { timer } from '../../contracts/define/timer.ts';

/** A small world for the tests of the kit: a laptop is ordered, approved, paid and handed out. What each system does is said by `trouble`. */

/** What goes wrong at a system; each is something that real systems do. What says "until told" is over when the world heals. */
export const Trouble = z.enum([
  'none',
  'refuses',
  /** Did it, did not answer; then says that it may not be done. */
  'does it, then refuses',
  'refuses when told',
  'does it but fails until told',
  'does it, then waits',
  /** Did it without an answer; once told, says that it may not be done. */
  'does it but fails, refuses once told',
  'fails twice',
  'fails, then waits',
  'fails until told',
  'bad answer',
  'huge answer',
  'crashes',
  /** Until it is released or cancelled. */
  'waits',
  /** At its first attempt, until it is given up. */
  'waits at first',
  'fails when cancelled',
  /** Until it is released, whatever is asked of it meanwhile. */
  'waits and ignores cancel',
]);
export type Trouble = z.infer<typeof Trouble>;

const bounds = {
  // Long enough for a busy machine; no test waits for them.
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '20 ms', maximumInterval: '100 ms', maximumAttempts: 3 },
} as const;

const Item = z.strictObject({ item: z.string().min(1), trouble: Trouble.optional(), undoTrouble: Trouble.optional() });
const shapes = { input: Item, output: z.strictObject({ number: z.string() }) };

export const cancelOrder = compensation({ name: 'shop.cancelOrder', title: 'Cancel the order', kind: 'service', ...shapes, ...bounds });
export const placeOrder = service({ name: 'shop.placeOrder', title: 'Place the order', ...shapes, ...bounds, compensation: cancelOrder });
export const refund = compensation({ name: 'bank.refund', title: 'Refund', kind: 'service', ...shapes, ...bounds });
export const pay = service({ name: 'bank.pay', title: 'Pay', ...shapes, ...bounds, compensation: refund });
export const announce = service({ name: 'shop.announce', title: 'Announce it', ...shapes, ...bounds, irreversible: true });
export const lookUp = service({ name: 'shop.lookUp', title: 'Look up the item', ...shapes, ...bounds, readOnly: true });
/** One attempt, and little time for it. */
export const payAtOnce = service({ name: 'bank.payAtOnce', title: 'Pay at once', ...shapes, startToCloseTimeout: '300 ms', scheduleToCloseTimeout: '5 seconds', retry: { maximumAttempts: 1 }, compensation: refund });
/** Quick twins of others: the workflow worker itself makes their first attempt. */
const quickly = { startToCloseTimeout: '2 seconds', quick: true } as const;
export const payQuickly = service({ name: 'bank.payQuickly', title: 'Pay', ...shapes, ...bounds, ...quickly, compensation: refund });
export const lookUpQuickly = service({ name: 'shop.lookUpQuickly', title: 'Look up the item', ...shapes, ...bounds, ...quickly, readOnly: true });
export const bankAnswers = service({ name: 'bank.answers', title: 'Ask whether the bank answers', input: z.strictObject({}), output: z.strictObject({}), ...bounds, readOnly: true });
/** Of a bank that may be down for all. */
export const payWhenUp = service({ name: 'bank.payWhenUp', title: 'Pay', ...shapes, ...bounds, probe: { asks: bankAnswers, perSecond: 10 }, compensation: refund });
/** The same, tried on until its patience is over. */
export const payWhileUp = service({ name: 'bank.payWhileUp', title: 'Pay', ...shapes, ...bounds, scheduleToCloseTimeout: '2 minutes', retry: { initialInterval: '20 ms', maximumInterval: '50 ms' }, patience: { attempts: 3 }, probe: { asks: bankAnswers, perSecond: 10 }, compensation: refund });
/** An hour between two attempts. */
export const payPatiently = service({ name: 'bank.payPatiently', title: 'Pay patiently', ...shapes, startToCloseTimeout: '10 seconds', scheduleToCloseTimeout: '1 day', retry: { initialInterval: '1 hour' }, compensation: refund });

/** Tried on, while a person is told. */
const stubbornly = { startToCloseTimeout: '1 minute', scheduleToCloseTimeout: '2 minutes', heartbeatTimeout: '10 seconds', compensation: refund } as const;
export const payStubbornly = service({ name: 'bank.payStubbornly', title: 'Pay stubbornly', ...shapes, ...stubbornly, retry: { initialInterval: '20 ms', maximumInterval: '50 ms' }, patience: { attempts: 3 } });
export const paySlowly = service({ name: 'bank.paySlowly', title: 'Pay slowly', ...shapes, ...stubbornly, retry: { maximumAttempts: 2 }, patience: { after: '200 ms' } });

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
  // Not strict, and with a default: what is recorded is not letter by letter what was sent.
  form: z.object({ serial: z.string().min(1), bag: z.boolean().default(true) }),
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
    look: Trouble.optional(),
    order: Trouble.optional(),
    pay: Trouble.optional(),
    undo: Trouble.optional(),
    handOut: z.boolean().optional(),
  }),
  output: z.strictObject({ order: z.string(), payment: z.string(), decidedBy: z.string().nullable() }),
  businessKey: ({ item }) => item,
  steps: { lookUp, placeOrder, approve, pay, handOut },
});

/** What is said cannot be taken back. */
export const notice = defineProcess({
  name: 'notice',
  title: 'Order and announce',
  input: z.strictObject({ item: z.string() }),
  output: z.strictObject({ order: z.string() }),
  steps: { placeOrder, announce, handOut },
});

/** Both branches of a fork, and what happens to one when the other fails. */
export const fork = defineProcess({
  name: 'fork',
  title: 'Two at once',
  input: z.strictObject({ left: Trouble, right: Trouble, rightAsks: z.boolean().optional(), catches: z.boolean().optional() }),
  output: z.strictObject({ result: z.string() }),
  steps: { left: placeOrder, right: pay, ask: handOut },
});

/** Branches in a list, one of them a fork of its own. */
export const gather = defineProcess({
  name: 'gather',
  title: 'Three at once',
  input: z.strictObject({ items: z.tuple([z.string(), z.string(), z.string()]) }),
  output: z.strictObject({ found: z.array(z.string()), same: z.string() }),
  steps: { first: lookUp, second: lookUp, third: lookUp },
});

/** The same steps again and again. */
export const loop = defineProcess({
  name: 'loop',
  title: 'Steps in a loop',
  input: z.strictObject({ times: z.int(), asks: z.boolean().optional(), fails: z.boolean().optional(), lastUndo: Trouble.optional() }),
  output: z.strictObject({ numbers: z.array(z.string()) }),
  steps: { again: placeOrder, approve, pay },
});

/** A payment that must come at once, or one that has time. */
export const timely = defineProcess({
  name: 'timely',
  title: 'Pay in time',
  input: z.strictObject({ trouble: Trouble, patient: z.boolean().optional() }),
  output: z.strictObject({ payment: z.string() }),
  steps: { payAtOnce, payPatiently },
});

/** A payment that is let go once the bank is up. */
export const debt = defineProcess({
  name: 'debt',
  title: 'Pay when the bank is up',
  input: z.strictObject({ item: z.string(), triedOn: z.boolean().optional() }),
  output: z.strictObject({ payment: z.string() }),
  steps: { payWhenUp, payWhileUp },
});

/** A payment that is tried on and on, or that takes its time. */
export const stubborn = defineProcess({
  name: 'stubborn',
  title: 'Pay in the end',
  input: z.strictObject({ trouble: Trouble, slowly: z.boolean().optional() }),
  output: z.strictObject({ payment: z.string() }),
  steps: { payStubbornly, paySlowly },
});

/** What a flow may do that is seldom wise. */
export const habits = ['asks late for a refusal', 'catches everything', 'passes on too much', 'passes on nothing', 'passes on nothing the second time', 'shows nothing', 'carries much'] as const;
export const careless = defineProcess({
  name: 'careless',
  title: 'A careless flow',
  input: z.strictObject({ habit: z.enum(habits), trouble: Trouble.optional() }),
  output: z.strictObject({ result: z.string() }),
  steps: { lookUp, placeOrder, pay, approve },
});

export const bugs = ['TypeError', 'in a branch', 'beside a branch that fails', 'wrong result', 'wrong result too early', 'huge result'] as const;
/** A flow with a bug, until mended code is deployed. */
export const buggy = defineProcess({
  name: 'buggy',
  // Mended code also changes the definition.
  title: 'A flow with the bug',
  input: z.strictObject({ bug: z.enum(bugs) }),
  output: z.strictObject({ result: z.string() }),
  steps: { placeOrder, pay },
});

/** Waiting, once for as long as the contract says, once until the flow says; then a payment that may fail. */
export const patience = defineProcess({
  name: 'patience',
  title: 'Wait and pay',
  input: z.strictObject({ rests: z.int().optional(), when: z.unknown().optional(), payMeanwhile: Trouble.optional() }),
  output: z.strictObject({ payment: z.string().nullable() }),
  steps: {
    placeOrder,
    rest: timer({ name: 'rest', title: 'Rest · a while', for: '2 hours' }),
    untilThen: timer({ name: 'untilThen', title: 'Wait until then' }),
    pay,
  },
});

export const makeBadge = humanTask({
  name: 'makeBadge',
  title: 'Make the badge',
  input: z.strictObject({ by: z.string() }),
  form: z.strictObject({ serial: z.string() }),
  candidateGroups: ['desk'],
  due: ({ by }) => by,
  escalateTo: ['directors'],
});
/** A task that is due at a moment. */
export const badge = defineProcess({ name: 'badge', title: 'Have a badge made', input: makeBadge.input, output: z.strictObject({ by: z.string() }), steps: { makeBadge } });

export const deliver = bot({
  name: 'courier.deliver',
  title: 'Deliver',
  input: z.strictObject({ item: z.string() }),
  output: z.strictObject({ receipt: z.string() }),
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '5 minutes',
  heartbeatTimeout: '1 second',
  retry: { initialInterval: '20 ms', maximumAttempts: 3 },
  irreversible: true,
});
/** A step on a task queue that only a worker process of its own serves. */
export const delivery = defineProcess({
  name: 'delivery',
  title: 'Deliver',
  input: z.strictObject({ item: z.string() }),
  output: z.strictObject({ receipt: z.string() }),
  steps: { deliver },
});

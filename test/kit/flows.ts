import type { When } from '../../contracts/define/timer.ts';
import { rejected } from '../../contracts/failures.ts';
import { flow } from '../../workflows/kit/flow.ts';
import { parallel } from '../../workflows/kit/parallel.ts';
import * as contracts from './contracts.ts';

export const laptop = flow(contracts.laptop, async (wish, { lookUp, placeOrder, approve, pay, handOut }) => {
  const { item } = wish;
  await lookUp({ item, trouble: wish.look });
  const { number: order } = await placeOrder({ item, trouble: wish.order, undoTrouble: wish.undo });
  let decidedBy: string | null = null;
  if (wish.ask) {
    const verdict = await approve({ item, requestedBy: wish.requestedBy, notes: wish.notes });
    if (verdict.outcome === 'reject') throw rejected(`${verdict.decidedBy} said no: ${verdict.reason}`);
    decidedBy = verdict.decidedBy;
  }
  const { number: payment } = await pay({ item, trouble: wish.pay });
  if (wish.handOut) await handOut({ item });
  return { order, payment, decidedBy };
});

export const notice = flow(contracts.notice, async ({ item }, { placeOrder, announce, handOut }) => {
  const { number: order } = await placeOrder({ item });
  await announce({ item });
  await handOut({ item });
  return { order };
});

export const fork = flow(contracts.fork, async (wish, { left, right, ask }) => {
  try {
    const done = await parallel({
      left: left({ item: 'left', trouble: wish.left }),
      right: async () => {
        if (wish.rightAsks) await ask({ item: 'right' });
        return right({ item: 'right', trouble: wish.right });
      },
    });
    return { result: `${done.left.number} ${done.right.number}` };
  } catch (error) {
    if (wish.catches) return { result: 'caught' };
    throw error;
  }
});

export const gather = flow(contracts.gather, async ({ items }, { first, second, third }) => {
  const [one, rest, plain] = await parallel([
    first({ item: items[0] }),
    async () => {
      const both = await parallel({ two: second({ item: items[1] }), three: () => third({ item: items[2] }) });
      return [both.two.number, both.three.number];
    },
    Promise.resolve('plain'),
  ]);
  return { found: [one.number, ...rest], same: plain };
});

export const loop = flow(contracts.loop, async ({ times, asks, fails, lastUndo }, { again, approve, pay }) => {
  const numbers: string[] = [];
  for (let nth = 1; nth <= times; nth++) {
    numbers.push((await again({ item: `item ${nth}`, undoTrouble: nth === times ? lastUndo : undefined })).number);
    if (asks) await approve({ item: `item ${nth}`, requestedBy: 'ada' });
  }
  if (fails) await pay({ item: 'all', trouble: 'refuses' });
  return { numbers };
});

export const timely = flow(contracts.timely, async ({ trouble, patient }, { payAtOnce, payPatiently }) => {
  const { number: payment } = patient ? await payPatiently({ item: 'later', trouble }) : await payAtOnce({ item: 'now', trouble });
  return { payment };
});

export const patience = flow(contracts.patience, async ({ rests = 0, when, payMeanwhile }, { placeOrder, rest, untilThen, pay }) => {
  await placeOrder({ item: 'chair' });
  for (let nth = 1; nth <= rests; nth++) await rest();
  if (when !== undefined) await untilThen(when as When);
  if (payMeanwhile === undefined) return { payment: null };
  const { payment } = await parallel({ rest: rest(), payment: pay({ item: 'chair', trouble: payMeanwhile }) });
  return { payment: payment.number };
});

export const debt = flow(contracts.debt, async ({ item, triedOn }, { payWhenUp, payWhileUp }) => ({ payment: (await (triedOn ? payWhileUp : payWhenUp)({ item })).number }));

export const stubborn = flow(contracts.stubborn, async ({ trouble, slowly }, { payStubbornly, paySlowly }) => {
  const { number } = await (slowly ? paySlowly : payStubbornly)({ item: 'x1', trouble });
  return { payment: number };
});

export const badge = flow(contracts.badge, async ({ by }, { makeBadge }) => ({ by: (await makeBadge({ by })).decidedBy }));

export const delivery = flow(contracts.delivery, async ({ item }, { deliver }) => deliver({ item }));

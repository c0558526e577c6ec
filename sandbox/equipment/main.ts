import { z } from 'zod';
import { bookEntry, type BookEntry, openBook, Revocation, Revoked } from '../book.ts';
import { refusal } from '../refusals.ts';
import { readSeed } from '../seed.ts';
import { runService } from '../service.ts';

const Bundles = z.array(
  z.strictObject({
    name: z.string(),
    title: z.string(),
    /** Milliseconds from the order to each stage on its way; the last is the delivery. Nothing is in stock. */
    stages: z.array(z.int().positive()),
  }),
);
const Order = z.strictObject({ personnelNumber: z.string().min(1).max(40), bundle: z.string().min(1).max(40) });
type Order = z.infer<typeof Order>;

/** How far an order is, and when it is worth asking again. */
const Progress = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('underWay'), lookAgainAt: z.iso.datetime() }),
  z.strictObject({ state: z.literal('delivered'), device: z.string() }),
  z.strictObject({ state: z.literal('cancelled') }),
]);

await runService({
  title: 'Equipment',
  async setup(service, { dataDir, seedDir }) {
    const bundles = await readSeed({ seedDir, name: 'equipment.json', schema: Bundles });
    const book = await openBook({ file: `${dataDir}/orders.ndjson`, facts: Order, states: ['ordered', 'cancelled'] });
    const bundleOf = ({ bundle }: Order) => {
      const found = bundles.find(({ name }) => name === bundle);
      if (!found) throw refusal('unknown-bundle', { detail: `there is no bundle ${bundle}; there are ${bundles.map(({ name }) => name).join(', ')}` });
      return found;
    };
    const progressOf = (order: BookEntry<Order>): z.infer<typeof Progress> => {
      if (order.state === 'cancelled') return { state: 'cancelled' };
      const next = bundleOf(order).stages.map((after) => Date.parse(order.at) + after).find((at) => at > Date.now());
      return next === undefined ? { state: 'delivered', device: `LAP-${order.id.slice(0, 8).toUpperCase()}` } : { state: 'underWay', lookAgainAt: new Date(next).toISOString() };
    };
    service.route({
      method: 'POST',
      path: '/orders',
      title: 'Order a bundle of equipment for a person',
      status: 201,
      body: Order,
      answer: z.object({ orderId: z.string() }),
      refuses: ['unknown-bundle', 'revoked'],
      async handle({ body, key }) {
        const { id } = await book.enter({ key, request: body, decide: () => (bundleOf(body), body) });
        return { orderId: id };
      },
    });
    service.route({
      method: 'GET',
      path: '/orders/:id',
      title: 'Ask how far an order is',
      params: z.object({ id: z.string() }),
      answer: Progress,
      refuses: ['unknown-order'],
      handle({ params: { id } }) {
        const order = book.list().find((one) => one.id === id);
        if (!order) throw refusal('unknown-order', { detail: `there is no order ${id}` });
        return progressOf(order);
      },
    });
    service.route({
      method: 'POST',
      path: '/orders/cancel',
      title: 'Cancel or take back what was ordered under a key, and refuse that key from now on',
      body: Revocation,
      answer: Revoked,
      handle: ({ body: { forwardKey }, key }) => book.revoke({ key, forwardKey }),
    });
    service.route({
      method: 'GET',
      path: '/books',
      title: 'Everything this system holds',
      answer: z.object({ orders: z.array(bookEntry(Order)), revokedKeys: z.array(z.string()) }),
      handle: () => ({ orders: book.list(), revokedKeys: book.revokedKeys() }),
    });
    return book;
  },
});

import { z } from 'zod';
import { OrderNumber, PurchaseOrder } from '../../contracts/invoice.ts';
import { refusal } from '../refusals.ts';
import { readSeed } from '../seed.ts';
import { runService } from '../service.ts';

await runService({
  title: 'Purchasing',
  async setup(service, { seedDir }) {
    const orders = await readSeed({ seedDir, name: 'orders.json', schema: z.array(PurchaseOrder) });
    const byNumber = new Map(orders.map((order) => [order.number, order]));
    service.route({
      method: 'GET',
      path: '/orders/:number',
      title: 'Look a purchase order up by number',
      params: z.object({ number: OrderNumber }),
      answer: PurchaseOrder,
      refuses: ['unknown-order'],
      handle({ params: { number } }) {
        const order = byNumber.get(number);
        if (!order) throw refusal('unknown-order', { detail: `there is no purchase order with the number ${number}` });
        return order;
      },
    });
    service.route({
      method: 'GET',
      path: '/books',
      title: 'Everything this system holds',
      answer: z.object({ orders: z.array(PurchaseOrder) }),
      handle: () => ({ orders }),
    });
  },
});

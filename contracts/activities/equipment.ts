import { z } from 'zod';
import { compensation, service } from '../define/activity.ts';
import { Hire } from '../hire.ts';

const bounds = { startToCloseTimeout: '10 seconds', scheduleToCloseTimeout: '5 minutes' } as const;

const order = {
  input: Hire.pick({ personnelNumber: true, bundle: true }),
  output: z.strictObject({ orderId: z.string() }),
};

export const cancelOrder = compensation({ name: 'equipment.cancelOrder', title: 'Cancel the order or take it back', kind: 'service', ...order, ...bounds });

/** Rejected when the stores do not know the bundle. */
export const orderEquipment = service({ name: 'equipment.order', title: 'Order the equipment', ...order, ...bounds, compensation: cancelOrder });

/** What an order has come to. While it is under way the stores say when it is worth asking again. */
export const Progress = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('underWay'), lookAgainAt: z.iso.datetime() }),
  z.strictObject({ state: z.literal('delivered'), device: z.string() }),
  z.strictObject({ state: z.literal('cancelled') }),
]);

/** An order that nobody can ask about is an operator's matter before the day is over: the device may be there all the same. */
export const lookAtOrder = service({
  name: 'equipment.lookAtOrder',
  title: 'Ask how far the order is',
  input: z.strictObject({ orderId: z.string() }),
  output: Progress,
  readOnly: true,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 hour',
  patience: { attempts: 3 },
});

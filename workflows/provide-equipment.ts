import { rejected } from '../contracts/failures.ts';
import { provideEquipment as contract } from '../contracts/processes/provide-equipment.ts';
import { flow } from './kit/flow.ts';

export const provideEquipment = flow(contract, async ({ personnelNumber, name, bundle, firstDay }, { orderEquipment, lookAtOrder, untilNextLook, handOverDevice }) => {
  const { orderId } = await orderEquipment({ personnelNumber, bundle });

  let order = await lookAtOrder({ orderId });
  while (order.state === 'underWay') {
    await untilNextLook({ until: order.lookAgainAt });
    order = await lookAtOrder({ orderId });
  }
  if (order.state === 'cancelled') throw rejected(`the stores have cancelled the order of ${bundle}`);
  const { device } = order;

  const verdict = await handOverDevice({ name, firstDay, device });
  if (verdict.outcome === 'reject') throw rejected(`${verdict.decidedBy} cannot lay the device ready: ${verdict.reason}`);
  return { device, setUpBy: verdict.decidedBy };
});

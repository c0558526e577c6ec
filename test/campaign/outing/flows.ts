import { rejected } from '../../../contracts/failures.ts';
import { flow } from '../../../workflows/kit/flow.ts';
import { forEach } from '../../../workflows/kit/for-each.ts';
import { outing as outingContract, settleBill as settleBillContract } from './contracts.ts';

export const settleBill = flow(settleBillContract, async ({ number, price }, { earmark, agreePrice, pay }) => {
  await earmark({ costCentre: '4600', amount: price });
  const { outcome } = await agreePrice({ number, price });
  if (outcome === 'reject') throw rejected('the price is too high');
  return pay({ vendorId: 'V-1001', iban: 'DE89370400440532013000', amount: price, reference: number, dueDate: '2027-01-15' });
});

export const outing = flow(outingContract, async ({ number, guests, objectionsWithin }, { reserveSeat, confirmed, objections, settle, invite }) => {
  const seats = await forEach(guests, () => reserveSeat({ costCentre: '4600', amount: { minorUnits: 100, currency: 'EUR' } }), { atMost: 2 });
  const { price } = await confirmed();
  await objections({ for: objectionsWithin });
  const { paymentId } = await settle({ number, price });
  await invite({ to: 'guests@example.com', subject: number, text: guests.join(', ') });
  return { seats: seats.length, paymentId };
});

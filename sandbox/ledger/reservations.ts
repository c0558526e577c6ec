import { z } from 'zod';
import { Currency, Money } from '../../contracts/money.ts';
import { openBook, Revocation, Revoked, type Book } from '../book.ts';
import { refusal } from '../refusals.ts';
import { readSeed } from '../seed.ts';
import type { Service, Setting } from '../service.ts';

const PositiveMoney = Money.extend({ minorUnits: z.int().positive() });
const Wanted = z.strictObject({ costCentre: z.string().min(1).max(40), amount: PositiveMoney });
export const Reservation = Wanted.extend({
  /** What the amount is worth at the booking rate, in euro cents. */
  booked: z.int(),
});
export type Reservation = z.infer<typeof Reservation>;

const Budgets = z.strictObject({
  costCentres: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      /** euro cents */
      budget: z.int(),
    }),
  ),
  /** Booking rates: euro for one unit of the currency. */
  rates: z.record(Currency, z.number().positive()),
});

/** A cost centre and how much of its budget is left; amounts in euro cents. */
export const CostCentre = z.strictObject({ id: z.string(), title: z.string(), budget: z.int(), reserved: z.int(), left: z.int() });
export type CostCentre = z.infer<typeof CostCentre>;

export interface Reservations {
  book: Book<Reservation>;
  costCentres(): CostCentre[];
}

export async function addReservations(service: Service, { dataDir, seedDir }: Setting): Promise<Reservations> {
  const book = await openBook({ file: `${dataDir}/reservations.ndjson`, facts: Reservation, states: ['reserved', 'released'] });
  const seed = await readSeed({ seedDir, name: 'budgets.json', schema: Budgets });
  service.route({
    method: 'POST',
    path: '/reservations',
    title: 'Reserve part of the budget of a cost centre',
    status: 201,
    body: Wanted,
    answer: z.object({ reservationId: z.string(), booked: Money }),
    refuses: ['over-budget', 'unknown-cost-centre', 'no-rate', 'revoked'],
    async handle({ body, key }) {
      const { id, booked } = await book.enter({ key, request: body, decide: () => reserve(body) });
      return { reservationId: id, booked: { minorUnits: booked, currency: 'EUR' } };
    },
  });
  service.route({
    method: 'POST',
    path: '/reservations/release',
    title: 'Release what was reserved under a key, and refuse that key from now on',
    body: Revocation,
    answer: Revoked,
    handle: ({ body: { forwardKey }, key }) => book.revoke({ key, forwardKey }),
  });

  function reserve(wanted: z.infer<typeof Wanted>): Reservation {
    const centre = costCentres().find(({ id }) => id === wanted.costCentre);
    if (!centre) throw refusal('unknown-cost-centre', { detail: `there is no cost centre ${wanted.costCentre}` });
    const booked = inEuroCents(wanted.amount);
    if (booked > centre.left) {
      const detail = `cost centre ${centre.id} has ${euros(centre.left)} of ${euros(centre.budget)} left, and ${euros(booked)} are needed`;
      throw refusal('over-budget', { detail });
    }
    return { ...wanted, booked };
  }
  function costCentres(): CostCentre[] {
    return seed.costCentres.map((centre) => {
      let reserved = 0;
      for (const { costCentre, booked } of book.live()) if (costCentre === centre.id) reserved += booked;
      return { ...centre, reserved, left: centre.budget - reserved };
    });
  }
  function inEuroCents({ minorUnits, currency }: Money): number {
    const rate = currency === 'EUR' ? 1 : seed.rates[currency];
    if (rate === undefined) throw refusal('no-rate', { detail: `there is no booking rate for ${currency}` });
    // 15 significant digits: 1.005 × 100 is 100.49999999999999 in floats, and must round up.
    return Math.round(Number(((minorUnits * rate * 100) / 10 ** decimalsOf(currency)).toPrecision(15)));
  }
  return { book, costCentres };
}

/** How many decimals a currency has: 2 for EUR, 0 for JPY. */
function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

const euros = (cents: number): string => `EUR ${(cents / 100).toFixed(2)}`;

import { z } from 'zod';
import { Iban } from '../../contracts/invoice.ts';
import { Money } from '../../contracts/money.ts';
import { bookEntry, openBook, Revocation, Revoked } from '../book.ts';
import { ibanChecksumHolds } from '../iban.ts';
import { refusal } from '../refusals.ts';
import { runService } from '../service.ts';

const Payment = z.strictObject({
  vendorId: z.string().min(1).max(40),
  iban: Iban,
  amount: Money.extend({ minorUnits: z.int().positive() }),
  reference: z.string().min(1).max(140),
  dueDate: z.iso.date(),
});
type Payment = z.infer<typeof Payment>;

await runService({
  title: 'Payments',
  async setup(service, { dataDir }) {
    const book = await openBook({ file: `${dataDir}/payments.ndjson`, facts: Payment, states: ['scheduled', 'cancelled'] });
    service.route({
      method: 'POST',
      path: '/payments',
      title: 'Schedule a payment',
      status: 201,
      body: Payment,
      answer: z.object({ paymentId: z.string() }),
      refuses: ['invalid-iban', 'revoked'],
      async handle({ body, key }) {
        const { id } = await book.enter({ key, request: body, decide: () => payable(body) });
        return { paymentId: id };
      },
    });
    service.route({
      method: 'POST',
      path: '/payments/cancel',
      title: 'Cancel what was scheduled under a key, and refuse that key from now on',
      body: Revocation,
      answer: Revoked,
      handle: ({ body: { forwardKey }, key }) => book.revoke({ key, forwardKey }),
    });
    service.route({
      method: 'GET',
      path: '/books',
      title: 'Everything this system holds',
      answer: z.object({ payments: z.array(bookEntry(Payment)), revokedKeys: z.array(z.string()) }),
      handle: () => ({ payments: book.list(), revokedKeys: book.revokedKeys() }),
    });
    return book;
  },
});

function payable(payment: Payment): Payment {
  if (!ibanChecksumHolds(payment.iban)) {
    throw refusal('invalid-iban', { detail: `the check digits of the IBAN ${payment.iban} do not hold; ask the vendor for the right one` });
  }
  return payment;
}

import { z } from 'zod';
import { Sha256 } from '../../contracts/documents.ts';
import { InvoiceNumber } from '../../contracts/invoice.ts';
import { openBook, Revocation, Revoked, type Book } from '../book.ts';
import { refusal } from '../refusals.ts';
import type { Service } from '../service.ts';

/** Who asks to own a vendor's invoice number: the document. */
export const Claim = z.strictObject({ vendorId: z.string().min(1).max(40), invoiceNumber: InvoiceNumber, document: Sha256 });
export type Claim = z.infer<typeof Claim>;

export async function addClaims(service: Service, { dataDir }: { dataDir: string }): Promise<Book<Claim>> {
  const book = await openBook({ file: `${dataDir}/claims.ndjson`, facts: Claim, states: ['claimed', 'released'] });
  service.route({
    method: 'POST',
    path: '/claims',
    title: "Claim a vendor's invoice number",
    status: 201,
    body: Claim,
    answer: z.object({ claimId: z.string() }),
    refuses: ['already-claimed', 'revoked'],
    async handle({ body, key }) {
      const { id } = await book.enter({ key, request: body, decide: () => claim(body) });
      return { claimId: id };
    },
  });
  service.route({
    method: 'POST',
    path: '/claims/release',
    title: 'Release what was claimed under a key, and refuse that key from now on',
    body: Revocation,
    answer: Revoked,
    handle: ({ body: { forwardKey }, key }) => book.revoke({ key, forwardKey }),
  });

  function claim(wanted: Claim): Claim {
    for (const held of book.live()) {
      if (held.vendorId !== wanted.vendorId || !sameNumber(held, wanted)) continue;
      const detail = `the number ${held.invoiceNumber} of vendor ${held.vendorId} was claimed at ${held.at} for the document ${held.document.slice(0, 16)}`;
      throw refusal('already-claimed', { detail });
    }
    return wanted;
  }
  return book;
}

/** People type `re-17` for `RE-17`: upper and lower case make no other invoice. */
const sameNumber = (a: Claim, b: Claim): boolean => a.invoiceNumber.toUpperCase() === b.invoiceNumber.toUpperCase();

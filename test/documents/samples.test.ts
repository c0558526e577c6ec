import { afterAll, describe, expect, it } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { checkTaxId } from '../../activities/extraction/formats/tax-ids.ts';
import { isIban } from '../../activities/extraction/formats/account-numbers.ts';
import { Invoice, PurchaseOrder, Vendor } from '../../contracts/invoice.ts';
import { closePages } from '../../documents/pages.ts';
import { documents } from '../../samples/documents.ts';
import { amountsOf } from '../../samples/invoices.ts';
import { truth } from '../../samples/truth.ts';

const here = new URL('../../', import.meta.url);
const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(new URL(file, here), 'utf8'));

afterAll(closePages);

describe('the sample documents', () => {
  it('are the twelve files that are kept, and no others', async () => {
    expect((await readdir(new URL('samples/documents/', here))).sort()).toEqual(documents.map(({ file }) => file));
  });

  // Scans also depend on the compressor of the machine; their content is tested by being read.
  it.each(documents.filter(({ file, invoice }) => file.endsWith('.pdf') && invoice !== null && !file.startsWith('03')))('$file comes out the same when it is made again', async ({ file, make }) => {
    const kept = await readFile(new URL(`samples/documents/${file}`, here));
    expect(Buffer.compare(await make(), kept)).toBe(0);
  });

  it('have the truth that is kept, and it is well-formed', async () => {
    expect(await json('samples/truth.json')).toEqual(truth());
    for (const { documentType, fields } of Object.values(truth())) if (documentType === 'invoice') expect(Invoice.safeParse(fields).success).toBe(true);
  });
});

describe('the seed of the sandbox', () => {
  it('has vendors and orders of the agreed form, with account numbers and tax ids whose checksums hold', async () => {
    const vendors = z.array(Vendor).parse(await json('sandbox/data/vendors.json'));
    const orders = z.array(PurchaseOrder).parse(await json('sandbox/data/orders.json'));
    for (const { iban, taxId } of vendors) expect({ iban, holds: isIban(iban), taxIdFails: checkTaxId(taxId) === 'fails' }).toEqual({ iban, holds: true, taxIdFails: false });
    expect(orders.filter(({ vendorId }) => !vendors.some(({ id }) => id === vendorId))).toEqual([]);
  });

  it('lets every invoice but the one over budget be paid, in whatever order they come', async () => {
    const orders = z.array(PurchaseOrder).parse(await json('sandbox/data/orders.json'));
    const Budgets = z.object({ costCentres: z.array(z.object({ id: z.string(), budget: z.int() })), rates: z.record(z.string(), z.number()) });
    const { costCentres, rates } = Budgets.parse(await json('sandbox/data/budgets.json'));
    const wanted = new Map<string, number>();
    for (const { invoice } of documents) {
      const order = orders.find(({ number }) => number === invoice?.orderNumber);
      if (invoice === null || order === undefined) continue;
      const inEuro = amountsOf(invoice).total * (invoice.currency === 'EUR' ? 1 : (rates[invoice.currency] ?? Number.NaN));
      wanted.set(order.costCentre, (wanted.get(order.costCentre) ?? 0) + inEuro);
    }
    const short = costCentres.filter(({ id, budget }) => (wanted.get(id) ?? 0) > budget).map(({ id }) => id);
    const overBudget = documents.find(({ file }) => file.startsWith('07'))?.invoice;
    expect(short).toEqual([orders.find(({ number }) => number === overBudget?.orderNumber)?.costCentre]);
  });
});

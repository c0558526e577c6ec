import { z } from 'zod';
import { TaxId, Vendor } from '../../contracts/invoice.ts';
import { refusal } from '../refusals.ts';
import { readSeed } from '../seed.ts';
import { runService } from '../service.ts';

await runService({
  title: 'Vendors',
  async setup(service, { seedDir }) {
    const vendors = await readSeed({ seedDir, name: 'vendors.json', schema: z.array(Vendor) });
    const byTaxId = new Map(vendors.map((vendor) => [vendor.taxId, vendor]));
    service.route({
      method: 'GET',
      path: '/vendors/by-tax-id/:taxId',
      title: 'Look a vendor up by tax id',
      params: z.object({ taxId: TaxId }),
      answer: Vendor,
      refuses: ['unknown-vendor'],
      handle({ params: { taxId } }) {
        const vendor = byTaxId.get(taxId);
        if (!vendor) throw refusal('unknown-vendor', { detail: `there is no vendor with the tax id ${taxId}` });
        return vendor;
      },
    });
    service.route({
      method: 'GET',
      path: '/books',
      title: 'Everything this system holds',
      answer: z.object({ vendors: z.array(Vendor) }),
      handle: () => ({ vendors }),
    });
  },
});

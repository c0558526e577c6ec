import { findVendor as contract } from '../../contracts/activities/vendors.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const findVendor = implement(contract, ({ taxId }, call) =>
  askHttp(call, {
    system: 'VENDORS_URL',
    method: 'GET',
    path: ['vendors', 'by-tax-id', taxId],
    answer: contract.output,
    refusals: ['unknown-vendor'],
  }),
);

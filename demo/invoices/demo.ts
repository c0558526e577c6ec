import type { Demo } from '../demo.ts';
import { switchFaultsOn } from './faults.ts';
import { type InvoiceRow, runInvoices } from './run.ts';
import { tableOf } from './table.ts';

export const invoices: Demo<InvoiceRow> = {
  process: 'supplierInvoice',
  title: 'twelve invoices from scan to outcome',
  users: ['olga', 'petra', 'felix', 'tara'],
  async run({ sandboxDir, tell, ...stage }) {
    await switchFaultsOn({ dataDir: sandboxDir, tell });
    return runInvoices({ ...stage, tell });
  },
  tableOf,
  nameOf: ({ document }) => document,
};

// Temporal's bundler needs one entry: every process is exported here under its name. The worker refuses to start while one is missing.
export { supplierInvoice } from './supplier-invoice.ts';

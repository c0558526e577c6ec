// Temporal's bundler needs one entry: every process is exported here under its name. The worker refuses to start while one is missing.
export { employeeOnboarding } from './employee-onboarding.ts';
export { prepareWorkplace } from './prepare-workplace.ts';
export { provideAccounts } from './provide-accounts.ts';
export { provideEquipment } from './provide-equipment.ts';
export { signContract } from './sign-contract.ts';
export { supplierInvoice } from './supplier-invoice.ts';
// What the product itself runs for operators.
export * from './operations/index.ts';

import { z } from 'zod';
import { compensation, service } from '../define/activity.ts';
import { Sha256 } from '../documents.ts';
import { InvoiceNumber } from '../invoice.ts';
import { Money } from '../money.ts';

/** Answers while the system works. */
export const probe = service({
  name: 'ledger.probe',
  title: 'Ask whether the ledger answers',
  input: z.strictObject({}),
  output: z.strictObject({ status: z.literal('up') }),
  readOnly: true,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
});

const bounds = {
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '5 minutes',
  // A quarter of a minute of silence; after that the probe asks for all that wait.
  patience: { attempts: 5 },
  probe: { asks: probe, perSecond: 10 },
} as const;

const claim = {
  input: z.strictObject({ vendorId: z.string(), invoiceNumber: InvoiceNumber, document: Sha256 }),
  output: z.strictObject({ claimId: z.string() }),
};

export const releaseNumber = compensation({
  name: 'ledger.releaseNumber',
  title: 'Release the invoice number',
  kind: 'service',
  ...claim,
  ...bounds,
});

/** One vendor's invoice number belongs to one invoice: Rejected when it was claimed before. */
export const claimNumber = service({
  name: 'ledger.claimNumber',
  title: 'Claim the invoice number',
  ...claim,
  ...bounds,
  compensation: releaseNumber,
});

const reservation = {
  input: z.strictObject({ costCentre: z.string(), amount: Money }),
  output: z.strictObject({ reservationId: z.string() }),
};

export const releaseBudget = compensation({
  name: 'ledger.releaseBudget',
  title: 'Release the budget',
  kind: 'service',
  ...reservation,
  ...bounds,
});

/** Rejected when the cost centre has less than the amount left; foreign currencies are converted at the ledger's booking rate. */
export const reserveBudget = service({
  name: 'ledger.reserveBudget',
  title: 'Reserve the budget',
  ...reservation,
  ...bounds,
  compensation: releaseBudget,
});

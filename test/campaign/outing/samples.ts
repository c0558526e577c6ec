import { sample } from '../../../campaign/sample.ts';
import { outing as outingContract, settleBill as settleBillContract } from './contracts.ts';

const price = { minorUnits: 700, currency: 'EUR' };

export const settleBill = sample({
  process: settleBillContract,
  inputs: { ordinary: async ({ number }) => ({ number, price }) },
  decisions: { agreePrice: { yes: () => ({ outcome: 'agree' }), no: () => ({ outcome: 'reject' }) } },
});

export const outing = sample({
  process: outingContract,
  // Long enough for the campaign to see that it waits.
  inputs: { ordinary: async ({ number }) => ({ number, guests: ['Ada', 'Ben', 'Cleo'], objectionsWithin: 4_000 }) },
  messages: { confirmed: { price } },
});

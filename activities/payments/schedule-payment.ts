import { schedulePayment as contract } from '../../contracts/activities/payments.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const schedulePayment = implement(contract, (payment, call) =>
  askHttp(call, { system: 'PAYMENTS_URL', method: 'POST', path: ['payments'], body: payment, answer: contract.output, refusals: ['invalid-iban'] }),
);

import { CompensationResult } from '../../contracts/define/activity.ts';
import { cancelPayment as contract } from '../../contracts/activities/payments.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const cancelPayment = implement(contract, ({ forwardKey }, call) =>
  askHttp(call, { system: 'PAYMENTS_URL', method: 'POST', path: ['payments', 'cancel'], body: { forwardKey }, answer: CompensationResult }),
);

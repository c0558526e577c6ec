import { CompensationResult } from '../../contracts/define/activity.ts';
import { releaseBudget as contract } from '../../contracts/activities/ledger.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const releaseBudget = implement(contract, ({ forwardKey }, call) =>
  askHttp(call, { system: 'LEDGER_URL', method: 'POST', path: ['reservations', 'release'], body: { forwardKey }, answer: CompensationResult }),
);

import { CompensationResult } from '../../contracts/define/activity.ts';
import { releaseNumber as contract } from '../../contracts/activities/ledger.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const releaseNumber = implement(contract, ({ forwardKey }, call) =>
  askHttp(call, { system: 'LEDGER_URL', method: 'POST', path: ['claims', 'release'], body: { forwardKey }, answer: CompensationResult }),
);

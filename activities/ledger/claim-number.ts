import { claimNumber as contract } from '../../contracts/activities/ledger.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const claimNumber = implement(contract, (claim, call) =>
  askHttp(call, { system: 'LEDGER_URL', method: 'POST', path: ['claims'], body: claim, answer: contract.output, refusals: ['already-claimed'] }),
);

import { createAccount as contract } from '../../contracts/activities/identity.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const createAccount = implement(contract, (person, call) =>
  askHttp(call, { system: 'IDENTITY_URL', method: 'POST', path: ['accounts'], body: person, answer: contract.output, refusals: ['account-exists'] }),
);

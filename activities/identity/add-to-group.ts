import { addToGroup as contract } from '../../contracts/activities/identity.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const addToGroup = implement(contract, (membership, call) =>
  askHttp(call, { system: 'IDENTITY_URL', method: 'POST', path: ['memberships'], body: membership, answer: contract.output }),
);

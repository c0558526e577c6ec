import { findGroups as contract } from '../../contracts/activities/identity.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const findGroups = implement(contract, ({ department }, call) =>
  askHttp(call, { system: 'IDENTITY_URL', method: 'GET', path: ['departments', department], answer: contract.output, refusals: ['unknown-department'] }),
);

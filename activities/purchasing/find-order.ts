import { findOrder as contract } from '../../contracts/activities/purchasing.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const findOrder = implement(contract, ({ number }, call) =>
  askHttp(call, { system: 'PURCHASING_URL', method: 'GET', path: ['orders', number], answer: contract.output, refusals: ['unknown-order'] }),
);

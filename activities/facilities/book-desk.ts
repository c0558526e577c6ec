import { bookDesk as contract } from '../../contracts/activities/facilities.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const bookDesk = implement(contract, (wish, call) =>
  askHttp(call, { system: 'FACILITIES_URL', method: 'POST', path: ['bookings'], body: wish, answer: contract.output, refusals: ['unknown-site', 'no-desk'] }),
);

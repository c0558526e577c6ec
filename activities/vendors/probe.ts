import { probe as contract } from '../../contracts/activities/vendors.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const probe = implement(contract, (_, call) => askHttp(call, { system: 'VENDORS_URL', method: 'GET', path: ['health'], answer: contract.output }));

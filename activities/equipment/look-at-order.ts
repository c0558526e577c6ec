import { lookAtOrder as contract } from '../../contracts/activities/equipment.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const lookAtOrder = implement(contract, ({ orderId }, call) => askHttp(call, { system: 'EQUIPMENT_URL', method: 'GET', path: ['orders', orderId], answer: contract.output }));

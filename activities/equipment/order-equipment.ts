import { orderEquipment as contract } from '../../contracts/activities/equipment.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const orderEquipment = implement(contract, (order, call) =>
  askHttp(call, { system: 'EQUIPMENT_URL', method: 'POST', path: ['orders'], body: order, answer: contract.output, refusals: ['unknown-bundle'] }),
);

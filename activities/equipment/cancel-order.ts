import { CompensationResult } from '../../contracts/define/activity.ts';
import { cancelOrder as contract } from '../../contracts/activities/equipment.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const cancelOrder = implement(contract, ({ forwardKey }, call) =>
  askHttp(call, { system: 'EQUIPMENT_URL', method: 'POST', path: ['orders', 'cancel'], body: { forwardKey }, answer: CompensationResult }),
);

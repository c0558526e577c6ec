import { CompensationResult } from '../../contracts/define/activity.ts';
import { cancelBooking as contract } from '../../contracts/activities/facilities.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const cancelBooking = implement(contract, ({ forwardKey }, call) =>
  askHttp(call, { system: 'FACILITIES_URL', method: 'POST', path: ['bookings', 'cancel'], body: { forwardKey }, answer: CompensationResult }),
);

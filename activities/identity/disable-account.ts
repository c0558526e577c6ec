import { CompensationResult } from '../../contracts/define/activity.ts';
import { disableAccount as contract } from '../../contracts/activities/identity.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const disableAccount = implement(contract, ({ forwardKey }, call) =>
  askHttp(call, { system: 'IDENTITY_URL', method: 'POST', path: ['accounts', 'disable'], body: { forwardKey }, answer: CompensationResult }),
);

import { CompensationResult } from '../../contracts/define/activity.ts';
import { removeFromGroup as contract } from '../../contracts/activities/identity.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const removeFromGroup = implement(contract, ({ forwardKey }, call) =>
  askHttp(call, { system: 'IDENTITY_URL', method: 'POST', path: ['memberships', 'remove'], body: { forwardKey }, answer: CompensationResult }),
);

import { CompensationResult } from '../../contracts/define/activity.ts';
import { voidContract as contract } from '../../contracts/activities/signing.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const voidContract = implement(contract, ({ forwardKey }, call) =>
  askHttp(call, { system: 'SIGNING_URL', method: 'POST', path: ['envelopes', 'void'], body: { forwardKey }, answer: CompensationResult }),
);

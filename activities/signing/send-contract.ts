import { sendContract as contract } from '../../contracts/activities/signing.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

/** The reference is what the service names when it tells of the contract: the instance. */
export const sendContract = implement(contract, (envelope, call) =>
  askHttp(call, { system: 'SIGNING_URL', method: 'POST', path: ['envelopes'], body: { ...envelope, reference: call.instanceId }, answer: contract.output }),
);

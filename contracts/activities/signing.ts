import { z } from 'zod';
import { compensation, service } from '../define/activity.ts';

const bounds = { startToCloseTimeout: '10 seconds', scheduleToCloseTimeout: '5 minutes' } as const;

const envelope = {
  input: z.strictObject({ title: z.string().min(1).max(200), signer: z.email() }),
  output: z.strictObject({ envelopeId: z.string() }),
};

export const voidContract = compensation({ name: 'signing.voidContract', title: 'Void the contract', kind: 'service', ...envelope, ...bounds });

/** What becomes of it the service tells by the message `contractSigned`, to the instance that asked. */
export const sendContract = service({ name: 'signing.sendContract', title: 'Send the contract to be signed', ...envelope, ...bounds, compensation: voidContract });

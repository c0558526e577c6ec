import { z } from 'zod';
import { service } from '../define/activity.ts';

/** The Message-ID is made from the idempotency key, so that a second delivery can be recognised as the same mail. */
export const sendMail = service({
  name: 'mail.sendMail',
  title: 'Send a mail',
  input: z.strictObject({ to: z.email(), subject: z.string().min(1).max(200), text: z.string().min(1).max(10_000) }),
  output: z.strictObject({ messageId: z.string() }),
  irreversible: true,
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 hour',
});

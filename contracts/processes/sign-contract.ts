import { z } from 'zod';
import { sendMail } from '../activities/mail.ts';
import { sendContract } from '../activities/signing.ts';
import { message } from '../define/message.ts';
import { defineProcess } from '../define/process.ts';
import { timer } from '../define/timer.ts';
import { Hire } from '../hire.ts';
import { approveTerms } from '../tasks/approve-terms.ts';

/** Brought by the signing service, which may do so at once, several times, or never. */
const contractSigned = message({
  name: 'contractSigned',
  title: 'Wait for the signature',
  payload: z.strictObject({ outcome: z.enum(['signed', 'declined']), at: z.iso.datetime() }),
});

export const signContract = defineProcess({
  name: 'signContract',
  title: 'Have the contract signed',
  input: Hire.pick({ personnelNumber: true, name: true, email: true, jobTitle: true, department: true, manager: true, firstDay: true }),
  output: z.strictObject({ envelopeId: z.string(), signedAt: z.iso.datetime(), approvedBy: z.string(), reminded: z.boolean() }),
  businessKey: ({ personnelNumber }) => personnelNumber,
  steps: {
    approveTerms,
    sendContract,
    invite: sendMail,
    signature: contractSigned,
    untilReminder: timer({ name: 'untilReminder', title: 'Wait until it is time for a reminder' }),
    remind: sendMail,
    signatureAfterReminder: contractSigned,
    untilDeadline: timer({ name: 'untilDeadline', title: 'Wait until the day before the first one' }),
  },
});

import { rejected } from '../contracts/failures.ts';
import { readyBy, remindedAt } from '../contracts/hire.ts';
import { signContract as contract } from '../contracts/processes/sign-contract.ts';
import { flow } from './kit/flow.ts';
import { race } from './kit/race.ts';

export const signContract = flow(
  contract,
  async ({ name, email, jobTitle, department, manager, firstDay }, { approveTerms, sendContract, invite, signature, untilReminder, remind, signatureAfterReminder, untilDeadline }) => {
    const verdict = await approveTerms({ name, jobTitle, department, manager, firstDay });
    if (verdict.outcome === 'reject') throw rejected(`${verdict.decidedBy} refused the terms: ${verdict.reason}`);

    const { envelopeId } = await sendContract({ title: `Employment contract: ${jobTitle}`, signer: email });
    const deadline = readyBy({ firstDay });
    const words = `Dear ${name},\n\nyour contract as ${jobTitle} lies ready to be signed, until ${deadline}.\n\nIts number: ${envelopeId}\n`;
    await invite({ to: email, subject: 'Your contract is ready to be signed', text: words });

    const answered = async () => {
      const early = await race({ answer: signature(), reminder: untilReminder({ until: remindedAt({ firstDay }) }) });
      if (early.first === 'answer') return { ...early.value, reminded: false };
      await remind({ to: email, subject: 'Please sign your contract', text: words });
      const late = await race({ answer: signatureAfterReminder(), deadline: untilDeadline({ until: deadline }) });
      if (late.first === 'answer') return { ...late.value, reminded: true };
      throw rejected(`${name} has not signed by ${deadline}`);
    };

    const { outcome, at, reminded } = await answered();
    if (outcome === 'declined') throw rejected(`${name} declined to sign`);
    return { envelopeId, signedAt: at, approvedBy: verdict.decidedBy, reminded };
  },
);

import type { ApiUser } from '../api-client.ts';
import type { View } from '../instance.ts';
import type { ExpectedHire, Part } from './hires.ts';

export type Parts = Partial<Record<Part, View>>;

interface Turns {
  readonly expected: ExpectedHire;
  /** Somebody of HR, whom the candidate calls. */
  readonly hr: ApiUser;
  readonly operator: ApiUser;
}

/** What comes from outside on the way, once each: given how an onboarding stands, somebody steps in where it is time for it. */
export function createTurns({ expected: { withdrawsAfter, supplies }, hr, operator }: Turns): (view: View, parts: Parts) => Promise<void> {
  let over = withdrawsAfter === undefined && supplies === undefined;
  return async ({ id, status }, parts) => {
    if (over || status !== 'running') return;
    if (withdrawsAfter && isTimeToWithdraw(withdrawsAfter, parts)) {
      over = true;
      await hr.post(`/instances/${encodeURIComponent(id)}/messages/withdrawn`, { id: 'withdrew', payload: { reason: 'found something nearer' } });
    }
    const troubled = supplies && parts[supplies.part];
    if (supplies && troubled?.incidents.some((incident) => incident.id === supplies.incident && incident.resolution === null)) {
      over = true;
      await operator.post(`/instances/${encodeURIComponent(troubled.id)}/incidents/${supplies.incident}/supply`, { output: supplies.output, reason: supplies.reason });
    }
  };
}

function isTimeToWithdraw(completed: readonly Part[], { accounts, equipment, workplace, employment }: Parts): boolean {
  if (!accounts || !equipment || !workplace || !employment) return false;
  const stands = (part: Part, { status, waitingFor }: View): boolean => (completed.includes(part) ? status === 'completed' : waitingFor.length > 0);
  // The contract is out, so that it has to be voided.
  const sent = employment.steps.some(({ step, state }) => step === 'signature' && state === 'waiting');
  return sent && stands('accounts', accounts) && stands('equipment', equipment) && stands('workplace', workplace);
}

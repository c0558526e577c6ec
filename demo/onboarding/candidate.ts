import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox/start.ts';

/** Milliseconds between two looks for a contract. */
const glance = 200;

/** What somebody does with the contract that they are sent; `tellTimes` is how often the signing service tells of it. */
export interface Answer {
  readonly outcome: 'signed' | 'declined';
  readonly tellTimes?: number;
}

/** The newest contract that somebody was sent; waits for one until the signal says that the day is over. */
async function contractFor({ sandbox: { systems }, email, signal }: { sandbox: Pick<Sandbox, 'systems'>; email: string; signal: AbortSignal }): Promise<string | undefined> {
  while (!signal.aborted) {
    const { envelopes } = (await (await fetch(`${systems.signing.url}/books`)).json()) as { envelopes: readonly { id: string; signer: string; state: string }[] };
    const envelope = envelopes.findLast(({ signer, state }) => signer === email && state === 'sent');
    if (envelope) return envelope.id;
    await pause(glance, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Somebody answers their contract at the signing service as soon as they are sent one, which is before the mail about it may reach them. */
export async function answerContract({ sandbox, email, signal, answer }: { sandbox: Pick<Sandbox, 'systems'>; email: string; signal: AbortSignal; answer: Answer }): Promise<void> {
  const envelopeId = await contractFor({ sandbox, email, signal });
  if (envelopeId === undefined) return;
  const response = await fetch(`${sandbox.systems.signing.url}/answers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `${email}/${envelopeId}` },
    body: JSON.stringify({ envelopeId, ...answer }),
  });
  if (!response.ok) throw new Error(`the signing service refuses the answer of ${email}: ${response.status} ${await response.text()}`);
}

import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** Where senders are told: the address, with `{reference}` in it, and the token that it takes. */
export const Webhook = z.strictObject({ url: z.url(), token: z.string().min(1) });
type Webhook = z.infer<typeof Webhook>;

export interface Notice {
  /** The sender's own, of the envelope. */
  readonly reference: string;
  /** The same each time that this is told. */
  readonly id: string;
  readonly outcome: 'signed' | 'declined';
  /** ISO 8601 */
  readonly at: string;
}

/** Milliseconds between two tries, and for one. */
const [glance, patience] = [1_000, 5_000];

/** Tells senders what became of their envelopes, again and again until each notice is taken or refused for good. What is untold when the service ends is lost: it is a sandbox. */
export function openNotices() {
  const closing = new AbortController();
  let webhook: Webhook | undefined;

  const tellOnce = async ({ reference, id, outcome, at }: Notice): Promise<boolean> => {
    if (!webhook) return false;
    const url = webhook.url.replace('{reference}', encodeURIComponent(reference));
    const headers = { authorization: `Bearer ${webhook.token}`, 'content-type': 'application/json' };
    const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ id, payload: { outcome, at } }), signal: AbortSignal.any([closing.signal, AbortSignal.timeout(patience)]) });
    // Who is not there any more needs not be told.
    return status < 500 && status !== 401 && status !== 429;
  };
  const tellUntilHeard = async (notice: Notice): Promise<void> => {
    while (!closing.signal.aborted && !(await tellOnce(notice).catch(() => false))) await pause(glance, undefined, { signal: closing.signal }).catch(() => undefined);
  };

  return {
    tell: (notice: Notice): void => void tellUntilHeard(notice),
    tellAt(where: Webhook): void {
      webhook = where;
    },
    close: (): void => closing.abort(),
  };
}

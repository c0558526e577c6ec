import { messageIdOf } from '../../activities/mail/send-mail.ts';
import { idempotencyKey } from '../../contracts/ids.ts';
import type { ExpectedBooks } from '../../samples/expectations.ts';
import type { Sandbox } from '../../sandbox/start.ts';

type Line = Readonly<Record<string, unknown>>;

/** What the books of all sandbox systems hold, by instance. */
export async function readBooks({ systems, env }: Pick<Sandbox, 'systems' | 'env'>): Promise<(instanceId: string) => Readonly<Record<keyof ExpectedBooks, unknown>>> {
  const bookOf = async (system: keyof typeof systems, book: string): Promise<readonly Line[]> => {
    const answer = await fetch(`${systems[system].url}/books`);
    const content = (await answer.json()) as Record<string, readonly Line[]>;
    const lines = content[book];
    if (!lines) throw new Error(`the books of ${system} have no "${book}"`);
    return lines;
  };
  const [claims, reservations, payments, entries, messages] = await Promise.all([
    bookOf('ledger', 'claims'),
    bookOf('ledger', 'reservations'),
    bookOf('payments', 'payments'),
    bookOf('legacyErp', 'entries'),
    bookOf('mail', 'messages'),
  ]);
  return (instanceId) => {
    const prefix = idempotencyKey({ instanceId, generation: '1', activityId: '' });
    // Two effects of one step would show as an array, and no expectation has one.
    const stateOf = (lines: readonly Line[], field: string): unknown => {
      const states = lines.filter((line) => String(line[field]).startsWith(prefix)).map(({ state }) => state);
      return states.length > 1 ? states : (states[0] ?? null);
    };
    const messageId = messageIdOf({ key: `${prefix}notifySupplier`, from: env.MAIL_FROM ?? '' });
    return {
      claim: stateOf(claims, 'idempotencyKey'),
      reservation: stateOf(reservations, 'idempotencyKey'),
      erpEntry: stateOf(entries, 'reference'),
      payment: stateOf(payments, 'idempotencyKey'),
      mails: messages.filter((message) => message.messageId === messageId).length,
    };
  };
}

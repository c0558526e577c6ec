import { z } from 'zod';
import { type Book, openBook, Revocation, Revoked } from '../book.ts';
import { refusal } from '../refusals.ts';
import type { Service, Setting } from '../service.ts';

export const Membership = z.strictObject({ accountId: z.string().min(1).max(40), group: z.string().min(1).max(100) });
type Membership = z.infer<typeof Membership>;

export async function addMemberships(service: Service, { dataDir, accounts }: Setting & { accounts: Book<object> }): Promise<Book<Membership>> {
  const book = await openBook({ file: `${dataDir}/memberships.ndjson`, facts: Membership, states: ['active', 'removed'] });
  service.route({
    method: 'POST',
    path: '/memberships',
    title: 'Add an account to a group',
    status: 201,
    body: Membership,
    answer: z.object({ membershipId: z.string() }),
    refuses: ['unknown-account', 'revoked'],
    async handle({ body, key }) {
      const { id } = await book.enter({ key, request: body, decide: () => add(body) });
      return { membershipId: id };
    },
  });
  service.route({
    method: 'POST',
    path: '/memberships/remove',
    title: 'Remove what was added under a key, and refuse that key from now on',
    body: Revocation,
    answer: Revoked,
    handle: ({ body: { forwardKey }, key }) => book.revoke({ key, forwardKey }),
  });

  function add(wanted: Membership): Membership {
    for (const { id } of accounts.live()) if (id === wanted.accountId) return wanted;
    throw refusal('unknown-account', { detail: `there is no active account ${wanted.accountId}` });
  }
  return book;
}

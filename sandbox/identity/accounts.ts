import { z } from 'zod';
import { type Book, openBook, Revocation, Revoked } from '../book.ts';
import { refusal } from '../refusals.ts';
import type { Service, Setting } from '../service.ts';

const Wanted = z.strictObject({ personnelNumber: z.string().min(1).max(40), name: z.string().min(1).max(100) });
export const Account = Wanted.extend({ login: z.string() });
type Account = z.infer<typeof Account>;

export async function addAccounts(service: Service, { dataDir }: Setting): Promise<Book<Account>> {
  const book = await openBook({ file: `${dataDir}/accounts.ndjson`, facts: Account, states: ['active', 'disabled'] });
  service.route({
    method: 'POST',
    path: '/accounts',
    title: 'Create an account',
    status: 201,
    body: Wanted,
    answer: z.object({ accountId: z.string(), login: z.string() }),
    refuses: ['account-exists', 'revoked'],
    async handle({ body, key }) {
      const { id, login } = await book.enter({ key, request: body, decide: () => create(body) });
      return { accountId: id, login };
    },
  });
  service.route({
    method: 'POST',
    path: '/accounts/disable',
    title: 'Disable what was created under a key, and refuse that key from now on',
    body: Revocation,
    answer: Revoked,
    handle: ({ body: { forwardKey }, key }) => book.revoke({ key, forwardKey }),
  });

  function create(wanted: z.infer<typeof Wanted>): Account {
    const taken = new Set<string>();
    for (const { personnelNumber, login } of book.live()) {
      if (personnelNumber === wanted.personnelNumber) throw refusal('account-exists', { detail: `the person with the number ${personnelNumber} has the account ${login} already` });
      taken.add(login);
    }
    const wish = loginOf(wanted.name);
    // Where there are two Ada Lovelaces, the second is ada.lovelace2.
    let login = wish;
    for (let nth = 2; taken.has(login); nth++) login = `${wish}${nth}`;
    return { ...wanted, login };
  }
  return book;
}

/** `Zoë Müller` is zoe.muller. */
const loginOf = (name: string): string =>
  name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '.').replaceAll(/^\.|\.$/g, '') || 'user';

import type { Sandbox } from '../../sandbox/start.ts';

type Line = Readonly<Record<string, unknown>>;

/** What the systems hold for somebody who is to begin: the state of each thing that was ever made for them, and how many mails they got. */
export interface HireBooks {
  readonly accounts: readonly string[];
  readonly memberships: readonly string[];
  readonly orders: readonly string[];
  readonly desks: readonly string[];
  readonly contracts: readonly string[];
  readonly answers: readonly string[];
  readonly mails: number;
}

/** The books of the sandbox's systems, by person. */
export async function readHireBooks({ systems }: Pick<Sandbox, 'systems'>): Promise<(person: { personnelNumber: string; email: string }) => HireBooks> {
  const booksOf = async (system: keyof typeof systems): Promise<(book: string) => readonly Line[]> => {
    const content = (await (await fetch(`${systems[system].url}/books`)).json()) as Record<string, readonly Line[]>;
    return (book) => {
      const lines = content[book];
      if (!lines) throw new Error(`the books of ${system} have no "${book}"`);
      return lines;
    };
  };
  const [identity, equipment, facilities, signing, mail] = await Promise.all([booksOf('identity'), booksOf('equipment'), booksOf('facilities'), booksOf('signing'), booksOf('mail')]);
  return ({ personnelNumber, email }) => {
    const theirs = (lines: readonly Line[]): readonly Line[] => lines.filter((line) => line.personnelNumber === personnelNumber);
    const accounts = theirs(identity('accounts'));
    const contracts = signing('envelopes').filter(({ signer }) => signer === email);
    const of = (lines: readonly Line[], field: string, owners: readonly Line[]): readonly Line[] => lines.filter((line) => owners.some(({ id }) => id === line[field]));
    return {
      accounts: statesOf(accounts),
      memberships: statesOf(of(identity('memberships'), 'accountId', accounts)),
      orders: statesOf(theirs(equipment('orders'))),
      desks: statesOf(theirs(facilities('bookings'))),
      contracts: statesOf(contracts),
      answers: of(signing('answers'), 'envelopeId', contracts).map(({ outcome }) => String(outcome)),
      mails: mail('messages').filter(({ to }) => Array.isArray(to) && to.includes(email)).length,
    };
  };
}

const statesOf = (lines: readonly Line[]): readonly string[] => lines.map(({ state }) => String(state));

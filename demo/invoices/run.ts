import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../platform/repository.ts';
import { type Expectation, expectations } from '../../samples/expectations.ts';
import type { Row, Stage } from '../demo.ts';
import { apiOf, followToEnd, inWords, toldOf, type View } from '../instance.ts';
import { workThroughInbox } from '../people.ts';
import { readBooks } from './books.ts';
import { differences } from './verdict.ts';

/** One document's way. */
export interface InvoiceRow extends Row {
  readonly document: string;
  /** In minor units with its currency; `null` where no total was trusted. */
  readonly total: { readonly minorUnits: number; readonly currency: string } | null;
}

/** Hands in the twelve documents, lets the people work, and waits until every instance has ended. */
export async function runInvoices({ sandbox, tell, ...users }: Omit<Stage, 'sandboxDir'>): Promise<readonly InvoiceRow[]> {
  const operator = apiOf(users, 'olga');
  const clerk = apiOf(users, 'petra');
  const documentOf = new Map<string, Expectation>();
  const dayIsOver = new AbortController();

  const people = (['petra', 'felix', 'tara'] as const).map((user) =>
    workThroughInbox({
      api: apiOf(users, user),
      user,
      signal: dayIsOver.signal,
      mind: ({ instance, step }) => documentOf.get(instance)?.decisions.find((one) => one.step === step && one.user === user)?.decision,
    }),
  );

  const ended = new Map<string, Promise<View>>();
  const handIn = async (expectation: Expectation): Promise<View> => {
    if (expectation.after) await ended.get(expectation.after);
    const bytes = await readFile(join(repository, 'samples/documents', expectation.file));
    const document = await clerk.upload<object>('/documents', bytes);
    const { id } = await clerk.post<{ id: string }>('/processes/supplierInvoice/instances', { input: { document } });
    documentOf.set(id, expectation);
    return followToEnd({ operator, id, look: (view) => Promise.resolve(inWords(view)), tell: (words) => tell(`${expectation.file.padEnd(26)} ${words}`) });
  };

  try {
    for (const expectation of expectations) ended.set(expectation.file, handIn(expectation));
    // A person who cannot work is a reason to stop waiting for them.
    const views = await Promise.race([Promise.all([...ended.values()]), Promise.all(people).then((): never => { throw new Error('the people stopped working'); })]);
    const booksOf = await readBooks(sandbox);
    return views.map((view, at) => rowOf({ view, expectation: expectations[at] as Expectation, books: booksOf(view.id) }));
  } finally {
    dayIsOver.abort();
    await Promise.allSettled([...people, ...ended.values()]);
  }
}

function rowOf({ view, expectation, books }: { view: View; expectation: Expectation; books: Parameters<typeof differences>[0]['books'] }): InvoiceRow {
  const found = differences({ expectation, view, books });
  return { document: expectation.file, ...toldOf(view), expected: expectation.status, ok: found.length === 0, total: totalOf(view), differences: found };
}

/** What the budget was asked for is the total that everybody trusts. */
function totalOf(view: View): InvoiceRow['total'] {
  const input = view.steps.find(({ step }) => step === 'reserveBudget')?.visits[0]?.input;
  if (typeof input !== 'object' || input === null || !('amount' in input)) return null;
  return input.amount as InvoiceRow['total'];
}

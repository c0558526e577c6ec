import { unexpected } from '../../../contracts/failures.ts';
import { squeezed } from '../entry.ts';
import type { Screen } from '../screen.ts';

const title = 'Find documents';

export interface Hit {
  readonly documentNumber: string;
  readonly status: 'posted' | 'cancelled';
  readonly vendorId: string;
  readonly invoiceNumber: string;
  readonly reference: string;
}

/** What to look for; all that is given must match. */
export interface Criteria {
  readonly vendorId?: string;
  readonly invoiceNumber?: string;
  readonly reference?: string;
}

/** The documents that the ERP finds. It may find more loosely than asked: compare. */
export async function findDocuments(screen: Screen, { vendorId = '', invoiceNumber = '', reference = '' }: Criteria): Promise<Hit[]> {
  const { page } = screen;
  // The results stand under the form, ready for the next search.
  if (!(await page.getByRole('heading', { level: 1, name: title, exact: true }).isVisible())) {
    await screen.turn({ to: title, by: () => page.getByRole('link', { name: title }).click() });
  }
  await page.getByLabel('Vendor no.', { exact: true }).fill(vendorId);
  await page.getByLabel('Invoice no.', { exact: true }).fill(invoiceNumber);
  await page.getByLabel('Reference', { exact: true }).fill(reference);
  await screen.turn({ to: title, by: () => page.getByRole('button', { name: 'Find', exact: true }).click() });

  const table = page.getByRole('table', { name: 'Documents found' });
  const nothing = page.getByRole('status').getByText('No documents found.');
  // Either must be there: an empty page is not the same as an empty result.
  await table.or(nothing).waitFor();
  if (await nothing.isVisible()) return [];

  const columns = (await table.getByRole('columnheader').allInnerTexts()).map(squeezed);
  const cells = (await table.getByRole('cell').allInnerTexts()).map(squeezed);
  if (columns.length === 0 || cells.length % columns.length !== 0) throw unexpected(`the legacy ERP's table "Documents found" has ${cells.length} cells in ${columns.length} columns`);
  return Array.from({ length: cells.length / columns.length }, (_, row) => {
    const cell = (column: string): string => {
      const text = cells[row * columns.length + columns.indexOf(column)];
      if (!columns.includes(column) || text === undefined) throw unexpected(`the legacy ERP's table "Documents found" has no column "${column}", only ${columns.join(', ')}`);
      return text;
    };
    return {
      documentNumber: cell('Document no.'),
      status: statusOf(cell('Status')),
      vendorId: cell('Vendor no.'),
      invoiceNumber: cell('Invoice no.'),
      reference: cell('Reference'),
    };
  });
}

export function statusOf(text: string): Hit['status'] {
  if (text === 'posted' || text === 'cancelled') return text;
  throw unexpected(`the legacy ERP knows a status "${text}" that the robot does not know`);
}

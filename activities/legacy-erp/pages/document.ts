import type { Page } from 'playwright-core';
import { unexpected } from '../../../contracts/failures.ts';
import { squeezed } from '../entry.ts';
import type { Screen } from '../screen.ts';
import { pressAndConfirm } from './dialog.ts';
import { statusOf } from './find-documents.ts';

/** Opens a document from a list in which it stands. */
export async function openDocument(screen: Screen, documentNumber: string): Promise<void> {
  const { page } = screen;
  await screen.turn({ to: `Document ${documentNumber}`, by: () => page.getByRole('link', { name: documentNumber, exact: true }).click() });
}

/** The labels and values that the page shows of a document. */
export async function readFacts(page: Page): Promise<ReadonlyMap<string, string>> {
  const table = page.getByRole('table', { name: /^Document / });
  const labels = await table.getByRole('rowheader').allInnerTexts();
  const values = await table.getByRole('cell').allInnerTexts();
  if (labels.length === 0 || labels.length !== values.length) throw unexpected(`the legacy ERP shows a document with ${labels.length} labels and ${values.length} values`);
  return new Map(labels.map((label, index) => [squeezed(label), squeezed(values[index] ?? '')]));
}

/** Cancels the document whose page is open, and makes sure that it is cancelled. */
export async function cancelDocument(screen: Screen, { documentNumber, reason }: { documentNumber: string; reason: string }): Promise<void> {
  const { page } = screen;
  const refusal = unexpected;
  await screen.turn({ to: `Cancel document ${documentNumber}`, by: () => page.getByRole('link', { name: 'Cancel document', exact: true }).click(), refusal });
  await page.getByLabel('Reason', { exact: true }).fill(reason);
  const press = () => pressAndConfirm({ page, button: 'Cancel document', about: [documentNumber] });
  await screen.turn({ to: `Document ${documentNumber}`, by: press, refusal });
  const status = statusOf((await readFacts(page)).get('Status') ?? '(none)');
  if (status !== 'cancelled') throw unexpected(`document ${documentNumber} of the legacy ERP is still ${status} after it was cancelled`);
}

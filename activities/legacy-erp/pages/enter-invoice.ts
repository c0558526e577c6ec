import { unexpected } from '../../../contracts/failures.ts';
import { amountLabels, differences, headerLabels } from '../entry.ts';
import type { Facts, Label } from '../entry.ts';
import type { Screen } from '../screen.ts';
import { pressAndConfirm } from './dialog.ts';
import { readFacts } from './document.ts';

const titles = {
  header: 'Enter vendor invoice: header',
  amounts: 'Enter vendor invoice: amounts',
  review: 'Enter vendor invoice: review',
  posted: 'Document posted',
} as const;

/** Fills in header and amounts, and makes sure that the ERP understood them. Nothing has taken effect yet. */
export async function fillIn(screen: Screen, facts: Facts): Promise<void> {
  const { page } = screen;
  const type = async (labels: readonly Label[]) => {
    for (const label of labels) await page.getByLabel(label, { exact: true }).fill(facts[label]);
  };
  const goOn = () => page.getByRole('button', { name: 'Continue', exact: true }).click();
  await screen.turn({ to: titles.header, by: () => page.getByRole('link', { name: 'Enter vendor invoice' }).click() });
  await type(headerLabels);
  await screen.turn({ to: titles.amounts, by: goOn });
  await type(amountLabels);
  await screen.turn({ to: titles.review, by: goOn });
  const wrong = differences({ meant: facts, shown: await readFacts(page) });
  if (wrong.length > 0) throw unexpected(`the legacy ERP understood the invoice otherwise, so it was not posted: ${wrong.join('; ')}`);
}

/** Posts what is under review, and gives the document number from the confirmation page, which stays open. */
export async function post(screen: Screen, facts: Facts): Promise<string> {
  const { page } = screen;
  await screen.turn({ to: titles.posted, by: () => pressAndConfirm({ page, button: 'Post', about: [facts['Invoice no.'], facts['Vendor no.']] }) });
  const documentNumber = (await readFacts(page)).get('Document no.');
  if (!documentNumber) throw unexpected('the legacy ERP confirms the posting without a document number');
  return documentNumber;
}

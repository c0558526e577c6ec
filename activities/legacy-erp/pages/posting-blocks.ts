import { unexpected } from '../../../contracts/failures.ts';
import type { Screen } from '../screen.ts';

const title = 'Posting blocks';

/** Forbids that anything is posted with this reference from now on, be it that a form with it is still on its way. Doing it again changes nothing. */
export async function blockReference(screen: Screen, { reference, reason }: { reference: string; reason: string }): Promise<void> {
  const { page } = screen;
  await screen.turn({ to: title, by: () => page.getByRole('link', { name: title }).click(), refusal: unexpected });
  await page.getByLabel('Block', { exact: true }).selectOption('reference');
  await page.getByLabel('Number or text', { exact: true }).fill(reference);
  await page.getByLabel('Reason', { exact: true }).fill(reason);
  await screen.turn({ to: title, by: () => page.getByRole('button', { name: 'Set block', exact: true }).click(), refusal: unexpected });
  // On refusal the ERP shows the same page with an error text; what counts is that the block is listed.
  await page.getByRole('table', { name: 'Blocks' }).getByRole('cell', { name: reference, exact: true }).waitFor();
}

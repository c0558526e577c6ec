import { unexpected } from '../../../contracts/failures.ts';
import type { Access } from '../access.ts';
import { titles } from '../screen.ts';
import type { Screen } from '../screen.ts';

/** Signs in. Nothing may trace or take pictures meanwhile. @throws unexpected when the ERP refuses user and password */
export async function signIn(screen: Screen, { url, user, password }: Access): Promise<void> {
  const { page } = screen;
  await screen.turn({ to: titles.signIn, by: () => page.goto(url.href, { waitUntil: 'commit' }) });
  await page.getByLabel('User', { exact: true }).fill(user);
  // Playwright quotes in its errors what `fill` was to fill in, but not what comes from the keyboard.
  await page.getByLabel('Password', { exact: true }).focus();
  await page.keyboard.insertText(password);
  await screen.turn({
    to: titles.menu,
    by: () => page.getByRole('button', { name: 'Sign in', exact: true }).click(),
    refusal: (message) => unexpected(`${message} Correct LEGACY_ERP_USER and LEGACY_ERP_PASSWORD in the worker's environment and restart it.`),
  });
}

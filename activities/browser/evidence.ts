import type { Page } from 'playwright-core';
import type { Evidence } from '../../contracts/documents.ts';
import { unavailable } from '../../contracts/failures.ts';
import { firstLine, keepIfPossible } from '../evidence.ts';
import type { Call } from '../implement.ts';

/** Milliseconds for what the browser does by itself; a busy machine needs some. */
export const patience = 10_000;

/** A picture of the page as it is, some ten kB. @throws unavailable when the browser does not paint it in time: that is the machine, not the page */
export async function keepPicture({ page, call, name, title }: { page: Page; call: Call; name: string; title: string }): Promise<Evidence> {
  const bytes = await page.screenshot({ type: 'jpeg', quality: 70, timeout: patience }).catch((error: unknown) => {
    throw unavailable(`no picture could be taken of "${title}": ${String(error).split('\n', 1)[0]}. The next attempt finds what this one did.`);
  });
  return call.evidence({ name: `${name}.jpg`, title, mediaType: 'image/jpeg', bytes });
}

/** What the page showed when the robot stopped: a picture, and its content as a screen reader has it. */
export async function keepLastPage({ page, call, site }: { page: Page; call: Call; site: string }): Promise<Evidence[]> {
  const picture = await keepIfPossible(call, () => keepPicture({ page, call, name: 'failure', title: `${capital(site)} when the robot stopped` }));
  const text = await keepIfPossible(call, async () => {
    const snapshot = await page.locator('body').ariaSnapshot({ timeout: patience });
    return call.evidence({ name: 'failure-page.yaml', title: 'What the page said', mediaType: 'text/plain', bytes: Buffer.from(snapshot) });
  });
  return [...picture, ...text];
}

/** While a page is awaited, Chromium neither paints nor describes the one that stands there. */
export async function stopLoading({ page, call }: { page: Page; call: Call }): Promise<void> {
  try {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Page.stopLoading');
    await devtools.detach();
  } catch (error) {
    call.log.warn('the page could not be stopped', { error: firstLine(error) });
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

import { stripVTControlCharacters } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import type { BrowserContext, Page } from 'playwright-core';
import { unavailable, unexpected } from '../../contracts/failures.ts';
import { isPassing } from '../exchange.ts';
import type { Call } from '../implement.ts';
import { openContext } from './browser.ts';
import { firstLine, withEvidence } from '../evidence.ts';
import { keepLastPage, patience, stopLoading } from './evidence.ts';

export interface Attempt<T> {
  /** Where the site is. The robot reaches nothing else. */
  readonly url: URL;
  /** What people call it, for messages: `the gatehouse`. */
  readonly site: string;
  readonly work: (page: Page) => Promise<T>;
  /** Adds to a failure what there is to see. Default: the last page, unless it has a field for a password. */
  readonly keepFailure?: (failed: { readonly page: Page; readonly failure: ApplicationFailure }) => Promise<ApplicationFailure>;
  /** Ends what was begun with the context, a recording for example. */
  readonly beforeClose?: (context: BrowserContext) => Promise<void>;
}

/**
 * One attempt of a robot at a web site: does the work on a page in a context of its own, keeps what is to be seen of a failure, and leaves nothing behind.
 *
 * @throws what the work throws, with evidence, where Playwright's own errors become `Unexpected`; `Unavailable` when the site does not answer or is out of
 * order, or the browser ends in the middle; what made the call's signal abort, at once
 */
export async function atSite<T>(call: Call, attempt: Attempt<T>): Promise<T> {
  call.signal.throwIfAborted();
  const context = await openWarm(call, attempt);
  const closing = { context, call, ...attempt };
  const abort = () => void close(closing);
  call.signal.addEventListener('abort', abort);
  try {
    call.signal.throwIfAborted();
    return await workIn({ context, call, ...attempt });
  } catch (error) {
    // Whatever failed then failed because the context was closed.
    call.signal.throwIfAborted();
    throw error;
  } finally {
    call.signal.removeEventListener('abort', abort);
    await close(closing);
  }
}

interface Working<T> extends Attempt<T> {
  readonly context: BrowserContext;
  readonly call: Call;
}

async function workIn<T>({ context, call, url, site, work, keepFailure }: Working<T>): Promise<T> {
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  let crashed = false;
  page.on('crash', () => (crashed = true));
  let status = 200;
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) status = response.status();
  });
  await keepTo({ context, url });
  try {
    return await work(page);
  } catch (error) {
    const ended = crashed || context.browser()?.isConnected() !== true;
    if (ended) throw unavailable(`the browser ended in the middle of the work in ${site}. The next attempt starts another.`);
    const failure = understand({ error, site, status });
    if (call.signal.aborted || !(failure instanceof ApplicationFailure)) throw failure;
    await stopLoading({ page, call });
    if (keepFailure !== undefined) throw await keepFailure({ page, failure });
    const presentable = page.url().startsWith(url.origin) && (await page.locator('input[type=password]').count()) === 0;
    throw presentable ? withEvidence(failure, await keepLastPage({ page, call, site })) : failure;
  }
}

/** Playwright's errors say that the page is not as the robot knows it, or that it did not come; any other error is left as it is. `status` is that of the last page. */
function understand({ error, site, status }: { error: unknown; site: string; status: number }): unknown {
  if (error instanceof ApplicationFailure || !(error instanceof Error)) return error;
  if (!/^\w+\.\w+: /.test(error.message)) return error;
  const lines = stripVTControlCharacters(error.message).split('\n');
  if (isPassing(status)) return unavailable(`${site} answered ${status}. Whether it did what was asked is unknown; the next attempt looks first.`, { facts: { status } });
  if (/net::ERR_/.test(lines[0] ?? '')) return unavailable(`${site} cannot be reached: ${lines[0]}. Whether it did what was asked is unknown; the next attempt looks first.`);
  const what = lines.find((line) => line.includes('waiting for'))?.replace(/^[\s-]+/, '');
  return unexpected(`the robot does not find its way in ${site}: ${lines[0]}${what === undefined ? '' : ` (${what})`}. See the evidence; if the pages have changed, the robot must learn them.`);
}

/** Starting or unpacking a browser may take longer than a heartbeat. */
async function openWarm(call: Call, { url }: { url: URL }): Promise<BrowserContext> {
  const beat = setInterval(() => call.heartbeat({ page: '(starting the browser)' }), 5_000);
  try {
    return await openContext({ host: url.hostname, log: call.log });
  } finally {
    clearInterval(beat);
  }
}

/** No other site, and nothing that only makes it slower. */
async function keepTo({ context, url }: { context: BrowserContext; url: URL }): Promise<void> {
  await context.route('**/*', (route, request) => {
    const isNeeded = new URL(request.url()).origin === url.origin && !['image', 'font', 'media'].includes(request.resourceType());
    return isNeeded ? route.continue() : route.abort();
  });
}

async function close<T>({ context, call, site, beforeClose }: Working<T>): Promise<void> {
  const failed = (what: string) => (error: unknown) => {
    // After an abort the context may be gone before its recording has ended; the recording's files are removed all the same.
    if (!call.signal.aborted) call.log.warn(`${what} of an attempt at ${site} did not close`, { error: firstLine(error) });
  };
  const ended = (beforeClose?.(context) ?? Promise.resolve()).catch(failed('the recording'));
  if (!call.signal.aborted) await ended;
  await context.close().catch(failed('the browser context'));
  await ended;
}

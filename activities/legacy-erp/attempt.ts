import { stripVTControlCharacters } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import type { BrowserContext } from 'playwright-core';
import { unavailable, unexpected } from '../../contracts/failures.ts';
import type { Call } from '../implement.ts';
import { readAccess } from './access.ts';
import type { Access } from './access.ts';
import { openContext } from './browser.ts';
import { keepFailure, patience, startTrace, stopTrace } from './evidence.ts';
import { signIn } from './pages/sign-in.ts';
import { createScreen, isSessionEnd } from './screen.ts';
import type { Screen } from './screen.ts';

/**
 * One attempt at the ERP: signs in, does the work in a context of its own, and leaves nothing behind. When the session ends in the middle, it signs in
 * again once and does the work from its beginning; work therefore looks first what is done already.
 *
 * @throws what the work throws, with evidence; what made the call's signal abort, at once
 */
export async function atErp<T>(call: Call, work: (screen: Screen) => Promise<T>): Promise<T> {
  const access = readAccess();
  call.signal.throwIfAborted();
  const context = await openWarm({ call, access });
  const abort = () => void close({ context, call });
  call.signal.addEventListener('abort', abort);
  try {
    call.signal.throwIfAborted();
    return await workIn({ context, access, call, work });
  } catch (error) {
    // Whatever failed then failed because the context was closed.
    call.signal.throwIfAborted();
    throw error;
  } finally {
    call.signal.removeEventListener('abort', abort);
    await close({ context, call });
  }
}

interface Work<T> {
  context: BrowserContext;
  access: Access;
  call: Call;
  work: (screen: Screen) => Promise<T>;
}

async function workIn<T>({ context, access, call, work }: Work<T>): Promise<T> {
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  let crashed = false;
  page.on('crash', () => (crashed = true));
  await keepToErp({ context, access });
  const screen = createScreen({ page, access, call });

  const signInUntraced = async () => {
    await stopTrace(context);
    await signIn(screen, access);
    await startTrace(context);
  };
  const begin = async () => {
    await signInUntraced();
    return work(screen);
  };
  try {
    return await begin().catch((error: unknown) => {
      if (!(error instanceof ApplicationFailure) || !isSessionEnd(error)) throw error;
      call.log.info('the session at the legacy ERP ended; signing in again');
      return begin();
    });
  } catch (error) {
    const ended = crashed || context.browser()?.isConnected() !== true;
    if (ended) throw unavailable('the browser ended in the middle of the work in the legacy ERP. The next attempt starts another.');
    const failure = understand(error);
    throw call.signal.aborted ? failure : await keepFailure({ context, page, access, call, failure });
  }
}

/** Playwright's errors say that the page is not as the robot knows it; any other error is left as it is. */
function understand(error: unknown): unknown {
  if (error instanceof ApplicationFailure || !(error instanceof Error)) return error;
  if (!/^\w+\.\w+: /.test(error.message)) return error;
  const lines = stripVTControlCharacters(error.message).split('\n');
  const what = lines.find((line) => line.includes('waiting for'))?.replace(/^[\s-]+/, '');
  return unexpected(`the robot does not find its way in the legacy ERP: ${lines[0]}${what === undefined ? '' : ` (${what})`}. See the evidence; if the ERP's pages have changed, the robot must learn them.`);
}

/** Starting or unpacking a browser may take longer than a heartbeat. */
async function openWarm({ call, access }: { call: Call; access: Access }): Promise<BrowserContext> {
  const beat = setInterval(() => call.heartbeat({ page: '(starting the browser)' }), 5_000);
  try {
    return await openContext({ host: access.url.hostname, log: call.log });
  } finally {
    clearInterval(beat);
  }
}

/** No other site, and nothing that only makes it slower. */
async function keepToErp({ context, access }: { context: BrowserContext; access: Access }): Promise<void> {
  await context.route('**/*', (route, request) => {
    const isNeeded = new URL(request.url()).origin === access.url.origin && !['image', 'font', 'media'].includes(request.resourceType());
    return isNeeded ? route.continue() : route.abort();
  });
}

async function close({ context, call }: { context: BrowserContext; call: Call }): Promise<void> {
  const failed = (what: string) => (error: unknown) => {
    // After an abort the context may be gone before its recording has ended; the recording's files are removed all the same.
    if (!call.signal.aborted) call.log.warn(`${what} of an attempt at the legacy ERP did not close`, { error: String(error).split('\n', 1)[0] });
  };
  const traceEnded = stopTrace(context).catch(failed('the trace'));
  if (!call.signal.aborted) await traceEnded;
  await context.close().catch(failed('the browser context'));
  await traceEnded;
}

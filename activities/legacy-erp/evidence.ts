import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { BrowserContext, Page } from 'playwright-core';
import type { Evidence } from '../../contracts/documents.ts';
import { unavailable } from '../../contracts/failures.ts';
import type { Call } from '../implement.ts';
import type { Access } from './access.ts';

/** Milliseconds for what the browser does by itself; a busy machine needs some. */
export const patience = 10_000;

/** A picture of the page as it is, some ten kB. @throws unavailable when the browser does not paint it in time: that is the machine, not the page */
export async function keepPicture({ page, call, name, title }: { page: Page; call: Call; name: string; title: string }): Promise<Evidence> {
  const bytes = await page.screenshot({ type: 'jpeg', quality: 70, timeout: patience }).catch((error: unknown) => {
    throw unavailable(`no picture could be taken of "${title}": ${String(error).split('\n', 1)[0]}. The next attempt finds what this one did.`);
  });
  return call.evidence({ name: `${name}.jpg`, title, mediaType: 'image/jpeg', bytes });
}

const traced = new WeakSet<BrowserContext>();

/** Records what the robot does from now on. Not while it signs in: a trace holds what was typed and sent. */
export async function startTrace(context: BrowserContext): Promise<void> {
  await context.tracing.start({ snapshots: true });
  traced.add(context);
}

/** Ends the recording and throws it away. */
export async function stopTrace(context: BrowserContext): Promise<void> {
  if (traced.delete(context)) await context.tracing.stop();
}

interface Failed {
  context: BrowserContext;
  page: Page;
  access: Access;
  call: Call;
  failure: unknown;
}

/** The failure with what there is to see: a picture, the page's content as a screen reader has it, and the trace if a person will have to look. */
export async function keepFailure(failed: Failed): Promise<unknown> {
  const { context, page, access, call, failure } = failed;
  if (!(failure instanceof ApplicationFailure)) return failure;
  const kept: Evidence[] = [];
  const keep = async (what: () => Promise<Evidence>) => {
    // The wait that failed may have used up most of the time between two heartbeats.
    call.heartbeat({ page: '(keeping evidence)' });
    try {
      kept.push(await what());
    } catch (error) {
      // The failure itself is what counts; a page that is stuck gives no picture.
      call.log.warn('a piece of evidence could not be kept', { error: String(error).split('\n', 1)[0] });
    }
  };
  await stopLoading({ page, call });
  if (await isPresentable({ page, access })) {
    await keep(() => keepPicture({ page, call, name: 'failure', title: 'The legacy ERP when the robot stopped' }));
    await keep(async () => {
      const snapshot = await page.locator('body').ariaSnapshot({ timeout: patience });
      return call.evidence({ name: 'failure-page.yaml', title: 'What the page said', mediaType: 'text/plain', bytes: Buffer.from(snapshot) });
    });
  }
  if (failure.type !== 'Rejected' && traced.delete(context)) {
    await endSession({ context, access, call });
    await keep(async () => call.evidence({ name: 'failure-trace.zip', title: 'Trace for the Playwright trace viewer', mediaType: 'application/zip', bytes: await traceOf(context) }));
  }
  return withEvidence(failure, kept);
}

function withEvidence(failure: ApplicationFailure, evidence: readonly Evidence[]): ApplicationFailure {
  const [detail] = (failure.details ?? []) as readonly object[];
  const { type, message, nonRetryable, nextRetryDelay } = failure;
  return ApplicationFailure.create({ type: type ?? undefined, message, nonRetryable: nonRetryable ?? undefined, nextRetryDelay: nextRetryDelay ?? undefined, details: [{ ...detail, evidence }] });
}

/** While a page is awaited, Chromium neither paints nor describes the one that stands there. */
async function stopLoading({ page, call }: { page: Page; call: Call }): Promise<void> {
  try {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Page.stopLoading');
    await devtools.detach();
  } catch (error) {
    call.log.warn('the page could not be stopped', { error: String(error).split('\n', 1)[0] });
  }
}

/** Whether this is a page of the ERP on which the password does not stand, in a field or elsewhere. */
async function isPresentable({ page, access }: { page: Page; access: Access }): Promise<boolean> {
  if (!page.url().startsWith(access.url.origin)) return false;
  if (traced.has(page.context())) return true;
  const values = await Promise.all((await page.locator('input').all()).map((field) => field.inputValue({ timeout: patience })));
  return ![await page.content(), ...values].some((text) => text.includes(access.password));
}

/** A trace holds the session's cookie: let it open no door. */
async function endSession({ context, access, call }: Pick<Failed, 'context' | 'access' | 'call'>): Promise<void> {
  try {
    await context.request.post(new URL('/logout', access.url).href, { timeout: 2_000, maxRedirects: 0 });
  } catch (error) {
    call.log.warn('could not sign off from the legacy ERP; its session ends by itself', { error: String(error).split('\n', 1)[0] });
  }
}

async function traceOf(context: BrowserContext): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-trace-'));
  try {
    const path = join(folder, 'trace.zip');
    await context.tracing.stop({ path });
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationFailure } from '@temporalio/common';
import type { BrowserContext, Page } from 'playwright-core';
import { keepLastPage, patience } from '../browser/evidence.ts';
import { firstLine, keepIfPossible, withEvidence } from '../evidence.ts';
import type { Call } from '../implement.ts';
import type { Access } from './access.ts';

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
  page: Page;
  access: Access;
  call: Call;
  failure: ApplicationFailure;
}

/** The failure with what there is to see: the last page, and the trace if a person will have to look. */
export async function keepFailure({ page, access, call, failure }: Failed): Promise<ApplicationFailure> {
  const context = page.context();
  const kept = (await isPresentable({ page, access })) ? await keepLastPage({ page, call, site: 'the legacy ERP' }) : [];
  if (failure.type === 'Rejected' || !traced.delete(context)) return withEvidence(failure, kept);
  await endSession({ context, access, call });
  const trace = await keepIfPossible(call, async () =>
    call.evidence({ name: 'failure-trace.zip', title: 'Trace for the Playwright trace viewer', mediaType: 'application/zip', bytes: await traceOf(context) }),
  );
  return withEvidence(failure, [...kept, ...trace]);
}

/** Whether this is a page of the ERP on which the password does not stand, in a field or elsewhere. */
async function isPresentable({ page, access }: { page: Page; access: Access }): Promise<boolean> {
  if (!page.url().startsWith(access.url.origin)) return false;
  if (traced.has(page.context())) return true;
  const values = await Promise.all((await page.locator('input').all()).map((field) => field.inputValue({ timeout: patience })));
  return ![await page.content(), ...values].some((text) => text.includes(access.password));
}

/** A trace holds the session's cookie: let it open no door. */
async function endSession({ context, access, call }: { context: BrowserContext; access: Access; call: Call }): Promise<void> {
  try {
    await context.request.post(new URL('/logout', access.url).href, { timeout: 2_000, maxRedirects: 0 });
  } catch (error) {
    call.log.warn('could not sign off from the legacy ERP; its session ends by itself', { error: firstLine(error) });
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

import { chromium } from 'playwright-core';
import { noBrowser } from '../activities/browser/browser.ts';
import { candidates } from '../activities/browser/find-browser.ts';
import { tellReady } from '../platform/child-process.ts';
import { errorMessage } from '../platform/errors.ts';

// Tells where the robots' browser is, or what the problem is; unpacks the one that npm brings where it is the only one. Whether it runs shows when a
// robot starts it.
tellReady(await firstBrowser());

async function firstBrowser(): Promise<Record<string, string>> {
  try {
    for await (const { path, origin } of candidates({ downloaded: chromium.executablePath() })) return { path, origin };
    throw noBrowser('none was found. ');
  } catch (error) {
    return { problem: errorMessage(error) };
  }
}

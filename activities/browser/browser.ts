import { homedir } from 'node:os';
import type { Browser, BrowserContext, BrowserType } from 'playwright-core';
import { unexpected } from '../../contracts/failures.ts';
import type { Log } from '../implement.ts';
import { closeWithWorker } from '../lifetime.ts';
import { candidates } from './find-browser.ts';
import type { Candidate } from './find-browser.ts';

/** By host: what a browser may reach is settled when it starts. */
const running = new Map<string, Promise<Browser>>();

interface Wish {
  /** The only host the browser may reach. */
  readonly host: string;
  readonly log: Log;
}

/** A fresh context in the one browser that this process has for the host, which is started when there is none or the last one has ended. The caller closes it. */
export async function openContext(wish: Wish): Promise<BrowserContext> {
  const browser = await (running.get(wish.host) ?? start(wish));
  // Small enough for a screenshot of some ten kB, wide enough for the tables of most systems.
  return browser.newContext({ viewport: { width: 1000, height: 640 }, serviceWorkers: 'block', acceptDownloads: false });
}

/** Ends the browsers and all that works in them. A later `openContext` starts new ones. */
export async function closeBrowsers(): Promise<void> {
  const closing = [...running.values()];
  running.clear();
  // One that failed to start needs no end; whoever started it was told why.
  await Promise.all(closing.map((starting) => starting.then((browser) => browser.close(), () => undefined)));
}

function start(wish: Wish): Promise<Browser> {
  const starting = launchFirst(wish);
  running.set(wish.host, starting);
  const forget = () => {
    if (running.get(wish.host) === starting) running.delete(wish.host);
  };
  starting.then((browser) => browser.once('disconnected', forget), forget);
  closeWithWorker(closeBrowsers);
  return starting;
}

async function launchFirst({ host, log }: Wish): Promise<Browser> {
  // Only bot workers need it, and it takes a while to load.
  const { chromium } = await import('playwright-core');
  const tried: string[] = [];
  for await (const candidate of candidates({ downloaded: chromium.executablePath() })) {
    for (const chromiumSandbox of process.getuid?.() === 0 ? [false] : [true, false]) {
      try {
        const browser = await launch({ chromium, candidate, host, chromiumSandbox });
        log.info(`browser started: ${candidate.path}`, { origin: candidate.origin, version: browser.version(), chromiumSandbox });
        return browser;
      } catch (error) {
        const reason = reasonOf(error);
        tried.push(`${candidate.path} (${candidate.origin}): ${reason}`);
        // Many containers and some distributions forbid the name spaces it needs. The robot visits one site, which its operator chose.
        if (!/sandbox|namespace/i.test(reason)) break;
        log.warn(`${candidate.path} cannot use its sandbox here, it is started without`);
      }
    }
  }
  const found = tried.length > 0 ? `none of these starts:\n${tried.join('\n')}\n` : 'none was found. ';
  throw noBrowser(found);
}

/** `found`: what was found instead, as a sentence. */
export const noBrowser = (found: string) =>
  unexpected(
    `the robots need a Chromium or Chrome: ${found}Install one (Debian: apt-get install chromium; macOS: brew install --cask google-chrome; ` +
      `anywhere: npx playwright-core install chromium), or name one in THROUGHLINE_BROWSER, then retry.`,
  );

interface Launch {
  chromium: BrowserType;
  candidate: Candidate;
  host: string;
  chromiumSandbox: boolean;
}

function launch({ chromium, candidate: { path, env = {} }, host, chromiumSandbox }: Launch): Promise<Browser> {
  const { PATH = '', HOME = homedir(), TMPDIR = '/tmp', LANG = 'C.UTF-8' } = process.env;
  return chromium.launch({
    executablePath: path,
    // The worker decides when it ends: the browser must not go first on Ctrl-C, with robots in the middle of a form.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    chromiumSandbox,
    timeout: 20_000,
    // Not the worker's whole environment: it holds secrets.
    env: { PATH, HOME, TMPDIR, LANG, ...env },
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--disable-gpu',
      '--no-first-run',
      '--no-pings',
      `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${host}`,
    ],
  });
}

/** The browser's own words, out of what Playwright wraps around them. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const own = /(No usable sandbox|Failed to move to new namespace|error while loading shared libraries|Running as root without)[^\n]*/.exec(text);
  return own?.[0] ?? text.split('\n', 1)[0] ?? text;
}

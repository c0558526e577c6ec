import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { unexpected } from '../../contracts/failures.ts';
import { cacheDirectory } from '../../platform/cache.ts';

/** A browser that may work; whether it does shows when it is started. */
export interface Candidate {
  readonly path: string;
  /** Where it comes from, for messages. */
  readonly origin: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The browsers to try, best first: the one named by `THROUGHLINE_BROWSER` and no other; else those installed, one that Playwright downloaded, and the
 * one in the npm package `@sparticuz/chromium`, which is unpacked into the cache when it comes to that.
 *
 * @throws unexpected when `THROUGHLINE_BROWSER` names no program
 */
export async function* candidates({ downloaded }: { downloaded: string }): AsyncGenerator<Candidate> {
  const configured = process.env.THROUGHLINE_BROWSER;
  if (configured) {
    if (!isProgram(configured)) throw unexpected(`THROUGHLINE_BROWSER is "${configured}", which is no program that can be run. Name a Chromium or Chrome there, or leave it unset.`);
    yield { path: configured, origin: 'THROUGHLINE_BROWSER' };
    return;
  }
  for (const path of installedBrowsers()) yield { path, origin: 'installed' };
  if (isProgram(downloaded)) yield { path: downloaded, origin: 'downloaded by Playwright' };
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  const folder = await unpacked();
  // Without any fonts on the machine, pages would be shown without text.
  const env: Record<string, string> = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  const npm = { path: join(folder, 'chromium'), origin: 'npm package @sparticuz/chromium' };
  yield { ...npm, env };
  // A small system lacks the NSS libraries. Those of the package come second, since they were built for another system.
  yield { ...npm, origin: `${npm.origin} with its own libraries`, env: { ...env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } };
}

function installedBrowsers(): string[] {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const applications = ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...applications].filter(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder with the npm package's browser, by version. Unpacked aside and then renamed, so that two workers at once do no harm. */
async function unpacked(): Promise<string> {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@sparticuz/chromium');
  const { version } = require(join(entry.slice(0, entry.lastIndexOf('build')), 'package.json')) as { version: string };
  const folder = join(cacheDirectory(), `chromium-${version}`);
  if (existsSync(folder)) return folder;

  await mkdir(cacheDirectory(), { recursive: true });
  const aside = await mkdtemp(join(cacheDirectory(), 'unpacking-chromium-'));
  try {
    // The package unpacks into the system's temporary folder, and trusts what it finds there: hence a process with one of its own. It gives its
    // libraries away only where it believes to be in that Lambda.
    const unpack = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', unpack], {
      cwd: import.meta.dirname,
      env: { PATH: process.env.PATH, HOME: aside, TMPDIR: aside, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
      timeout: 120_000,
    });
    await writeFile(join(aside, 'fonts.conf'), `<?xml version="1.0"?><fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    // The other worker was faster.
    if (existsSync(folder)) return folder;
    throw unexpected(`the browser of @sparticuz/chromium could not be unpacked into ${cacheDirectory()} (${String(error)}). Make room there (220 MB), or name a browser in THROUGHLINE_BROWSER.`);
  }
  return folder;
}

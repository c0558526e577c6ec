import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function prepare() {
  // A first run may build Temporal, which takes minutes; no test should have to wait for that.
  execFileSync(process.execPath, ['--import', 'tsx', 'temporal/install.ts'], { stdio: ['ignore', 'inherit', 'inherit'] });
  // Some fifty workers of a run take the same bundle. Tests that run Jest in a copy of the repository share the place.
  if (!process.env.THROUGHLINE_BUNDLE_CACHE) {
    globalThis.ownBundleCache = mkdtempSync(join(tmpdir(), 'throughline-bundles-'));
    process.env.THROUGHLINE_BUNDLE_CACHE = globalThis.ownBundleCache;
  }
}

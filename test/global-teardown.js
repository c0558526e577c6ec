import { rmSync } from 'node:fs';

export default function cleanUp() {
  if (globalThis.ownBundleCache) rmSync(globalThis.ownBundleCache, { recursive: true, force: true });
}

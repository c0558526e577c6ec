import { execFileSync } from 'node:child_process';

/** A first run may build Temporal, which takes minutes; no test should have to wait for that. */
export default function prepare() {
  execFileSync(process.execPath, ['--import', 'tsx', 'temporal/install.ts'], { stdio: ['ignore', 'inherit', 'inherit'] });
}

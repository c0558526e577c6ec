import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startSandbox } from '../../sandbox/start.ts';

describe('the sandbox', () => {
  it('tells which of its systems ended that should run on, and nothing when it is stopped in order', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'throughline-sandbox-'));
    const sandbox = await startSandbox({ dataDir });
    const toldAtStop: string[] = [];
    try {
      process.kill(sandbox.systems.ledger.pid, 'SIGKILL');
      expect(await sandbox.broken).toContain('The sandbox system ledger ended');
    } finally {
      await sandbox.stop();
    }
    const next = await startSandbox({ dataDir });
    void next.broken.then((sentence) => toldAtStop.push(sentence));
    await next.stop();
    await rm(dataDir, { recursive: true, force: true });
    expect(toldAtStop).toEqual([]);
  });
});

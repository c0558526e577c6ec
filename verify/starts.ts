import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freshTokens } from '../launch/people.ts';
import { startPlatform } from '../launch/platform.ts';

/**
 * Brings up the whole platform and asks it for what a build could have lost: pages and data beside the code, the workflow bundle, threads.
 * As part of the build (`node dist/verify/starts.js`, in the repository) it shows that the build runs on plain Node.
 */
const dataDir = await mkdtemp(join(tmpdir(), 'throughline-verify-'));
const progress = (line: string): void => void process.stderr.write(`${line}\n`);
try {
  const platform = await startPlatform({ dataDir, sandbox: true, ports: { api: 0, temporal: 0, ui: 0 }, progress });
  try {
    const [petra] = await freshTokens({ apiDataDir: platform.apiDataDir, users: ['petra'] });
    const ask = async (path: string, request: RequestInit = {}): Promise<void> => {
      const headers = { authorization: `Bearer ${petra?.token}`, ...request.headers };
      const answer = await fetch(`${platform.apiUrl}/api/${path}`, { ...request, headers, signal: AbortSignal.timeout(30_000) });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
      progress(`${path}: ${answer.status}`);
    };
    await ask('health/ready');
    await ask('docs');
    await ask('processes/supplierInvoice');
    const document = await readFile(resolve('samples/documents/01-clean-pdf.pdf'));
    await ask('documents', { method: 'POST', headers: { 'content-type': 'application/pdf' }, body: document });
  } finally {
    await platform.stop();
  }
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
process.stdout.write('the build starts and answers\n');

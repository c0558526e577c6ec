import { runInvoices } from '../demo/invoices/run.ts';
import { switchFaultsOn } from '../demo/invoices/faults.ts';
import { tableOf } from '../demo/invoices/table.ts';
import { unlessInterrupted, untilInterrupted } from '../launch/interrupt.ts';
import { freshTokens } from '../launch/people.ts';
import { errorMessage } from '../platform/errors.ts';
import { type Sandboxed, startSandboxed } from './sandboxed.ts';

/** `npm run topology`: what docker-compose.yml describes, as processes of this machine, two of each that can be many; the demo's twelve invoices on it. */
const scale = { 'worker-workflows': 2, 'worker-services': 2, 'worker-bots': 2, 'worker-ai': 2, api: 2 };

const began = performance.now();
const tell = (line: string): void => void process.stderr.write(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);

try {
  const interrupted = untilInterrupted();
  const running = await unlessInterrupted({ interrupted, work: startSandboxed({ scale, code: 'build', progress: tell }) });
  try {
    const stopped = Promise.race([running.topology.broken, running.sandbox.broken, interrupted.then(() => 'interrupted')]).then((why): never => {
      throw new Error(why);
    });
    process.exitCode = await Promise.race([demo(running), stopped]);
  } finally {
    await running.stop();
  }
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}
process.exit();

async function demo({ topology, sandbox, sandboxDir, apiUrls }: Sandboxed): Promise<number> {
  const tokens = await freshTokens({ apiDataDir: topology.volume('api'), users: ['olga', 'petra', 'felix', 'tara'] });
  await switchFaultsOn({ dataDir: sandboxDir, tell });
  const rows = await runInvoices({ apiUrls, tokens, sandbox, tell });
  const processes = topology.replicas.map(({ name, child }) => `${name} (${child.pid})`).join(', ');
  const ok = rows.filter((row) => row.ok).length;
  process.stdout.write(`\n${tableOf(rows)}\n${ok} of ${rows.length} ended as expected, on ${processes}\n`);
  return ok === rows.length ? 0 : 1;
}

import { parseArgs } from 'node:util';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { discoverProcesses } from '../../platform/discover.ts';
import { errorMessage } from '../../platform/errors.ts';
import { passGate } from './gate.ts';
import { forMachines, inWords } from './report.ts';

const usage = `npm run replay-gate [-- options] [instance ids]: what today's source would do to instances of a namespace

  Replays every running instance and a sample of the finished ones against the workflows of this source, and compares the arguments of what they ask.
  Exit code 0: all are safe. 1: some diverge. 2: the gate could not do its work.

  --address HOST:PORT   Temporal's address; default TEMPORAL_ADDRESS, or 127.0.0.1:7233
  --namespace NAME      default TEMPORAL_NAMESPACE, or default
  --sample N            finished instances of each process, the newest; default 50
  --build ID            only instances that are pinned to this build
  --move                running instances that are safe go on with the build of this source, which a worker must run
  --json                print the outcome as JSON
`;

/** Milliseconds. */
const connectedWithin = 10_000;

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 2;
}
process.exit();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      address: { type: 'string', default: process.env.TEMPORAL_ADDRESS || '127.0.0.1:7233' },
      namespace: { type: 'string', default: process.env.TEMPORAL_NAMESPACE || 'default' },
      sample: { type: 'string', default: '50' },
      build: { type: 'string' },
      move: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { address, namespace, build, move, json } = values;
  if (!/^\d{1,6}$/.test(values.sample)) throw new Error(`--sample is "${values.sample}": give a whole number, 0 for none`);
  if (build !== undefined && !/^[0-9a-f]{16}$/.test(build)) throw new Error(`--build is "${build}": a build id has 16 hexadecimal digits`);
  // What diverges is told once, at the end, and not by the SDK's log as well.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), telemetryOptions: { logging: { filter: 'off' } } });
  const connection = await connect(address);
  const processes = (await discoverProcesses()).map(({ name }) => name);
  const report = await passGate({ connection, namespace, sample: Number(values.sample), processes, build, ids: positionals, move });
  process.stdout.write(`${json ? forMachines(report) : inWords(report)}\n`);
  return report.diverging.length > 0 ? 1 : 0;
}

function connect(address: string): Promise<NativeConnection> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`it did not answer within ${connectedWithin / 1_000} s`)), connectedWithin).unref());
  return Promise.race([NativeConnection.connect({ address }), late]).catch((error: unknown) => {
    throw new Error(`no Temporal server answers at ${address}: ${errorMessage(error)}. Start it, or correct --address or TEMPORAL_ADDRESS.`, { cause: error });
  });
}

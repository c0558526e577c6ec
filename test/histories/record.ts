import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { NativeConnection } from '@temporalio/worker';
import { discoverProcesses } from '../../platform/discover.ts';
import { errorMessage } from '../../platform/errors.ts';
import { repository } from '../../platform/repository.ts';
import { type Instance, instancesIn, withHistories } from '../../workers/gate/instances.ts';
import { bundleToReplay, replay, type ToReplay } from '../../workers/gate/replay.ts';
import { quietRuntime } from '../../workers/runtime.ts';
import { writeHistories } from './kept.ts';
import { scrub } from './scrub.ts';

const usage = `npm run histories -- --version VERSION [--address HOST:PORT] [--namespace NAME] [--most N]

  Keeps the scrubbed histories of a demonstration's instances (npm run demo -- --stay) as test/histories/<process>/VERSION.json.
`;

try {
  const { values } = parseArgs({
    options: {
      version: { type: 'string' },
      address: { type: 'string', default: process.env.TEMPORAL_ADDRESS || '127.0.0.1:7233' },
      namespace: { type: 'string', default: 'default' },
      most: { type: 'string', default: '20' },
    },
  });
  if (!values.version || !/^[\w.-]+$/.test(values.version)) throw new Error(usage);
  await record({ version: values.version, address: values.address, namespace: values.namespace, most: Number(values.most) });
  process.exit();
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exit(1);
}

async function record({ version, address, namespace, most }: { version: string; address: string; namespace: string; most: number }): Promise<void> {
  quietRuntime('ERROR');
  const server = { connection: await NativeConnection.connect({ address }), namespace };
  const processes = (await discoverProcesses()).map(({ name }) => name);
  const found = new Map<string, ToReplay[]>();
  for await (const { id, process: name, history } of withHistories(server, onlyFirst(instancesIn(server, { sample: most, processes })))) {
    found.set(name, [...(found.get(name) ?? []), { id, history: scrub({ id, history }) }]);
  }
  const bundle = await bundleToReplay();
  for (const [name, histories] of found) {
    // What was taken away must not be missed.
    for await (const { of, difference } of replay({ bundle, histories })) if (difference) throw new Error(`${of.id}, scrubbed, does not replay: ${difference.why}`);
    const sorted = [...histories].sort((one, other) => one.id.localeCompare(other.id));
    process.stdout.write(`${relative(repository, await writeHistories({ process: name, version, histories: sorted }))}: ${sorted.length}\n`);
  }
}

/** One run of each instance: files name them by id. */
async function* onlyFirst(instances: AsyncIterable<Instance>): AsyncGenerator<Instance> {
  const seen = new Set<string>();
  for await (const instance of instances) {
    if (!seen.has(instance.id)) yield instance;
    seen.add(instance.id);
  }
}

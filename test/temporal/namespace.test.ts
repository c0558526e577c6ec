import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { type Child, startChild } from '../../platform/child-process.ts';
import { freePort } from '../../platform/ports.ts';
import { dynamicSettings, type ServerPort, serverPorts, writeServerConfig } from '../../temporal/config.ts';
import { findTemporal } from '../../temporal/find.ts';
import { prepareNamespace } from '../../temporal/namespace.ts';

const children: Child[] = [];
const directories: string[] = [];
afterAll(async () => {
  for (const child of children.reverse()) await child.stop();
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

// Temporal's CLI starts all services together.
const found = await findTemporal({ progress: () => undefined, kind: 'server' }).catch((error: unknown) => String(error));
const { skip } = it;
const possible = typeof found === 'string' ? skip : it;
// The closing line of a run names what was skipped, and so why.
const reason = typeof found === 'string' ? ` (skipped: ${found.split('\n', 1)[0]})` : '';

possible(`waits for a history service that comes later than the frontend, and says so where it does not come${reason}`, async () => {
  if (typeof found === 'string' || found.kind !== 'server') throw new Error('no server was found');
  const { server } = found;
  const directory = await mkdtemp(join(tmpdir(), 'throughline-services-'));
  directories.push(directory);
  const ports = Object.fromEntries(await Promise.all(serverPorts.map(async (name) => [name, await freePort()]))) as Record<ServerPort, number>;
  const file = await writeServerConfig({ directory, ports, dynamicConfig: dynamicSettings });
  const start = (services: readonly string[]): void => {
    const name = services.join('-');
    children.push(startChild({ name, command: server, args: ['--config-file', file, '--allow-no-auth', 'start', ...services.map((one) => `--service=${one}`)], cwd: directory, logFile: join(directory, `${name}.log`) }));
  };
  start(['frontend']);
  const connection = await Connection.connect({ address: `127.0.0.1:${ports.frontend}`, connectTimeout: '1 minute' });
  const wish = { namespace: 'default', searchAttributes: { Colour: 'Keyword' as const } };
  await expect(prepareNamespace(connection, { ...wish, signal: AbortSignal.timeout(1_000) })).rejects.toThrow(/does not serve namespace "default" yet: /);
  const prepared = prepareNamespace(connection, { ...wish, signal: AbortSignal.timeout(60_000) });
  start(['history', 'matching', 'worker']);
  await expect(prepared).resolves.toBeUndefined();
  await connection.close();
});

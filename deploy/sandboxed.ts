import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../sandbox/start.ts';
import { startTopology, type Topology, type TopologyOptions } from './topology.ts';

export interface Sandboxed {
  readonly topology: Topology;
  /** What it was started with, to start it once more. */
  readonly options: TopologyOptions;
  readonly sandbox: Sandbox;
  /** Of the sandbox, for its faults. */
  readonly sandboxDir: string;
  /** http://127.0.0.1:… of each API. */
  readonly apiUrls: readonly string[];
  readonly stop: () => Promise<void>;
}

type Options = Partial<Pick<TopologyOptions, 'scale'>> & Pick<TopologyOptions, 'code' | 'progress'>;

/** The topology of docker-compose.yml on data of its own, which end with it, with the sandbox as the systems that it reaches. */
export async function startSandboxed({ scale = {}, code, progress }: Options): Promise<Sandboxed> {
  const root = await mkdtemp(join(tmpdir(), 'throughline-topology-'));
  const closing = [() => rm(root, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const [sandboxDir, directory] = [join(root, 'sandbox'), join(root, 'topology')];
    for (const folder of [sandboxDir, directory]) await mkdir(folder);
    // PostgreSQL, which may be another user, must get through to its volume.
    await chmod(root, 0o711);
    const sandbox = await startSandbox({ dataDir: sandboxDir });
    closing.push(() => sandbox.stop());
    const { SMTP_URL = '', LEGACY_ERP_PASSWORD = '', ...variables } = sandbox.env;
    const secrets = { 'postgres-password': randomBytes(18).toString('base64url'), 'smtp-url': SMTP_URL, 'legacy-erp-password': LEGACY_ERP_PASSWORD, 'extraction-api-key': '' };
    const options = { directory, variables, secrets, scale, code, progress };
    const topology = await startTopology(options);
    closing.push(() => topology.stop());
    return { topology, options, sandbox, sandboxDir, apiUrls: topology.of('api').map((api) => `http://${api.address('7700')}`), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

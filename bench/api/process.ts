import { join } from 'node:path';
import { createTokenStore } from '../../api/tokens/store.ts';
import { startChild } from '../../platform/child-process.ts';
import { programArgs, repository } from '../../platform/repository.ts';

export interface ApiProcess {
  readonly url: string;
  /** Of a user who may do all that the benches ask. */
  readonly token: string;
  stop(): Promise<void>;
}

/** The API as a process of its own, which speaks to Temporal at this address. */
export async function startApiProcess({ address, directory, name }: { address: string; directory: string; name: string }): Promise<ApiProcess> {
  const data = join(directory, name);
  const child = startChild({
    name: 'the API',
    command: process.execPath,
    args: programArgs('bench/api/program'),
    cwd: repository,
    env: { API_HOST: undefined, API_PORT: '0', TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: undefined, DOCUMENTS_DIR: join(data, 'documents'), API_DATA_DIR: join(data, 'api') },
    logFile: join(data, 'api.log'),
    ready: true,
  });
  const { url } = await child.ready;
  const { token } = await createTokenStore({ directory: join(data, 'api') }).create({ user: 'bench', roles: ['operator'], groups: [] });
  return { url: String(url), token, stop: () => child.stop() };
}

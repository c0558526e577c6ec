import { join } from 'node:path';
import { startApi } from '../../api/app.ts';
import { createTokenStore } from '../../api/tokens/store.ts';
import type { Role } from '../../api/access/matrix.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { caller, type User } from '../api/running-api.ts';
import { startKit } from '../kit/running-kit.ts';
import { type ServerOptions, startServer } from '../kit/server.ts';

/** The API over the tests' own processes, with a real server and workers. */
export async function startSteps(processes: readonly ProcessContract[], options: ServerOptions = {}) {
  const server = await startServer(options);
  const kit = await startKit({ server, cache: undefined });
  const dataDirectory = join(server.directory, 'api');
  const api = await startApi({
    config: { host: '127.0.0.1', port: 0, temporal: { address: server.address, namespace: 'default', uiUrl: null }, documentsDirectory: join(server.directory, 'documents'), dataDirectory, events: { streams: 100, followed: 100 } },
    processes,
  });
  const tokens = createTokenStore({ directory: dataDirectory });
  return {
    kit,
    async user({ name = 'olga', roles = ['operator'], groups = [] }: { name?: string; roles?: Role[]; groups?: string[] } = {}): Promise<User> {
      const { token } = await tokens.create({ user: name, roles, groups });
      return caller({ url: api.url, token });
    },
    async stop(): Promise<void> {
      // A server that goes on would keep Jest from ending.
      try {
        await api.close();
        await kit.stop();
      } finally {
        await server.stop();
      }
    },
  };
}

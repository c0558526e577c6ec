import { discoverProcesses } from '../platform/discover.ts';
import { tellReady } from '../platform/child-process.ts';
import { errorCode, errorMessage } from '../platform/errors.ts';
import { startApi } from './app.ts';
import { configFromEnv } from './config.ts';
import { log } from './log.ts';

/** The API as a process of its own: see config.ts for its environment. Prints `ready {"url": …}` when it listens; logs to standard error. */
try {
  const api = await startApi({ config: configFromEnv(process.env), processes: await discoverProcesses() });
  let closing: Promise<void> | undefined;
  const close = (): void => {
    closing ??= api.close().catch((error: unknown) => {
      log.error('the API did not close in order', { cause: String(error) });
      process.exitCode = 1;
    });
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  tellReady({ url: api.url });
} catch (error) {
  const inUse = errorCode(error) === 'EADDRINUSE' ? 'its port is in use; end the program that has it, or choose another with API_PORT: ' : '';
  log.error(`the API cannot start: ${inUse}${errorMessage(error)}`, { stack: error instanceof Error ? error.stack : undefined });
  process.exitCode = 1;
}

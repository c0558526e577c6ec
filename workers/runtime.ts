import { DefaultLogger, type LogLevel, Runtime } from '@temporalio/worker';

let installed = false;

/** The SDK's runtime, once per process: signals belong to the entry file, and the log is for what a person should see. */
export function quietRuntime(level: LogLevel = 'WARN'): void {
  if (installed) return;
  installed = true;
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger(level) });
}

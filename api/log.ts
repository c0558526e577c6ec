import type { LoggerService } from '@nestjs/common';

/** Lines of JSON on standard error; standard output is for the line that says the API is ready. */
export interface Log {
  info(message: string, facts?: Record<string, unknown>): void;
  error(message: string, facts?: Record<string, unknown>): void;
}

export const log: Log = {
  info: (message, facts) => write({ level: 'info', message, facts }),
  error: (message, facts) => write({ level: 'error', message, facts }),
};

function write({ level, message, facts }: { level: string; message: string; facts?: Record<string, unknown> }): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...facts })}\n`);
}

const silent = (): void => undefined;

/** Nest's own words; what it says of each route it maps is no news. */
export const nestLog: LoggerService = {
  log: silent,
  debug: silent,
  verbose: silent,
  warn: (message: unknown) => log.info(String(message), { by: 'nest' }),
  error: (message: unknown, ...more: unknown[]) => log.error(String(message), { by: 'nest', more: more.map(String) }),
  fatal: (message: unknown) => log.error(String(message), { by: 'nest' }),
};

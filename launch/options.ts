import { join, resolve } from 'node:path';
import { repository } from '../platform/repository.ts';

/** The data directory of `npm start`: `THROUGHLINE_DATA`, or `.throughline/data` in the repository. */
export const dataDirectory = (): string => resolve(process.env.THROUGHLINE_DATA ?? join(repository, '.throughline', 'data'));

/** Where each demo gets a directory of its own: `THROUGHLINE_DEMOS`, or `.throughline/demos` in the repository. */
export const demosDirectory = (): string => resolve(process.env.THROUGHLINE_DEMOS ?? join(repository, '.throughline', 'demos'));

/** A port from the environment, or the default. */
export function portSetting(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return otherwise;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name} is "${text}": give a port from 0 (any free one) to 65535`);
  return port;
}

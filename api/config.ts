import { join } from 'node:path';

/** What the API is told from outside. */
export interface ApiConfig {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly temporal: { readonly address: string; readonly namespace: string; /** Of the Web UI, for links. */ readonly uiUrl: string | null };
  readonly documentsDirectory: string;
  /** Tokens, request keys, definitions and the log of events. */
  readonly dataDirectory: string;
  /** Event streams at once, and instances that are followed for them. */
  readonly events: { readonly streams: number; readonly followed: number };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error that names the variable */
export function configFromEnv(env: Environment): ApiConfig {
  return {
    host: env.API_HOST ?? '127.0.0.1',
    port: portOf(env.API_PORT ?? '7700'),
    temporal: { address: env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233', namespace: env.TEMPORAL_NAMESPACE ?? 'default', uiUrl: uiUrlOf(env.TEMPORAL_UI_URL) },
    documentsDirectory: env.DOCUMENTS_DIR ?? join(dataDirectory(env), 'documents'),
    dataDirectory: apiDataDirectory(env),
    events: { streams: countOf({ env, name: 'API_STREAMS', standard: 1_000 }), followed: countOf({ env, name: 'API_FOLLOWED', standard: 250 }) },
  };
}

export const apiDataDirectory = (env: Environment): string => env.API_DATA_DIR ?? join(dataDirectory(env), 'api');

const dataDirectory = (env: Environment): string => env.THROUGHLINE_DATA ?? join('.throughline', 'data');

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`API_PORT is "${text}": give a port from 0 (any free one) to 65535`);
  return port;
}

function countOf({ env, name, standard }: { env: Environment; name: string; standard: number }): number {
  const text = env[name] ?? String(standard);
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${name} is "${text}": give a number from 1 to 999999`);
  return Number(text);
}

function uiUrlOf(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  if (!URL.canParse(text)) throw new Error(`TEMPORAL_UI_URL is "${text}": give the address of Temporal's Web UI, for example http://127.0.0.1:8233`);
  return text.replace(/\/+$/, '');
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Role } from '../../api/access/matrix.ts';
import { createTokenStore, type TokenStore } from '../../api/tokens/store.ts';
import { searchAttributes } from '../../contracts/verbs.ts';
import { startChild } from '../../platform/child-process.ts';
import { repository } from '../../platform/repository.ts';
import { type EmbeddedTemporal, startTemporal } from '../../temporal/start.ts';

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: Uint8Array | string;
}

/** Somebody with a token, who calls the API over HTTP. */
export type User = <Body = Record<string, unknown>>(path: string, request?: Request) => Promise<Answer<Body>>;

interface Who {
  readonly name?: string;
  readonly roles?: Role[];
  readonly groups?: string[];
}

export interface RunningApi {
  readonly url: string;
  readonly directory: string;
  readonly tokens: TokenStore;
  /** A new user with a token of their own. */
  user(who?: Who): Promise<User>;
  readonly stranger: User;
  log(): string;
  stop(): Promise<void>;
  /** Ends it as a crash would; its directory stays when it was given. */
  kill(): Promise<void>;
}

/** Collects what is to be closed after a file's tests, newest first, also when only a part of it was started. */
export function closeAfterAll(): (close: () => Promise<unknown>) => void {
  const all: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const close of all.reverse()) await close();
  });
  return (close) => all.push(close);
}

/** An API process as it is deployed, on a directory of its own unless one is given. */
export async function startApiProcess({ temporal, directory: given, env = {} }: { temporal: { address: string; namespace?: string }; directory?: string; env?: Record<string, string> }): Promise<RunningApi> {
  const directory = given ?? (await temporaryDirectory());
  const child = startChild({
    name: 'API',
    command: process.execPath,
    args: ['--import', 'tsx', 'api/main.ts'],
    cwd: repository,
    env: {
      API_PORT: '0',
      API_HOST: undefined,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      TEMPORAL_UI_URL: 'http://127.0.0.1:8233/',
      DOCUMENTS_DIR: join(directory, 'documents'),
      API_DATA_DIR: join(directory, 'api'),
      ...env,
    },
    logFile: join(directory, 'api.log'),
    ready: true,
  });
  const { url } = (await child.ready) as { url: string };
  const tokens = createTokenStore({ directory: join(directory, 'api') });
  return {
    url,
    directory,
    tokens,
    stranger: caller({ url }),
    async user({ name = 'somebody', roles = ['operator'], groups = [] }: Who = {}) {
      const { token } = await tokens.create({ user: name, roles, groups });
      return caller({ url, token });
    },
    log: () => child.logTail(),
    async stop() {
      await child.stop();
      if (given === undefined) await rm(directory, { recursive: true, force: true });
    },
    async kill() {
      child.kill();
      await child.exited;
    },
  };
}

/** A Temporal server of its own; its data goes when it stops. */
export async function startOwnTemporal(): Promise<EmbeddedTemporal> {
  const dataDir = await temporaryDirectory();
  const temporal = await startTemporal({ dataDir, searchAttributes: { ...searchAttributes }, ui: false });
  return {
    ...temporal,
    async stop() {
      await temporal.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export const temporaryDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'throughline-'));

export function caller({ url, token }: { url: string; token?: string }): User {
  return async <Body>(path: string, { method, headers, json, raw }: Request = {}) => {
    const body = json === undefined ? raw : JSON.stringify(json);
    const answer = await fetch(`${url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    // A stream of events has no end: that it began is all there is to say.
    const endless = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (endless) await answer.body?.cancel();
    const text = endless ? '' : await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '') && text !== '';
    return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  };
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

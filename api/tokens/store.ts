import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { notFound, unavailable } from '../../contracts/failures.ts';
import { errorCode } from '../../platform/errors.ts';
import { tryLock } from '../../platform/lock.ts';
import { replaceFile } from '../files.ts';
import { findToken, makeToken, TokenRecord, type TokenSpec } from './token.ts';

const TokenFile = z.strictObject({ format: z.literal(1), tokens: z.array(TokenRecord) });

export interface TokenStore {
  /** The record of a token that opens something now. */
  find(token: string): Promise<TokenRecord | undefined>;
  list(): Promise<readonly TokenRecord[]>;
  /** The token is shown here only; it cannot be read again. */
  create(spec: TokenSpec): Promise<{ readonly token: string; readonly record: TokenRecord }>;
  /** @throws NotFound when no token has this id */
  revoke(id: string): Promise<TokenRecord>;
}

type Edit<R> = (records: readonly TokenRecord[]) => { readonly records: readonly TokenRecord[]; readonly result: R };

/** Milliseconds to wait for another process that writes. */
const patience = 30_000;

/**
 * Tokens in `tokens.json` of a directory. The API and the command share the file: it is replaced as a whole under a lock, and read again as soon as
 * it has changed.
 */
export function createTokenStore({ directory }: { directory: string }): TokenStore {
  const file = join(directory, 'tokens.json');
  let turn: Promise<unknown> = Promise.resolve();
  let read: { readonly version: string; readonly records: readonly TokenRecord[] } = { version: '', records: [] };

  async function records(): Promise<readonly TokenRecord[]> {
    const version = await versionOf(file);
    // The version is taken before the content: what changes in between is read once more, never missed.
    if (version !== read.version) read = { version, records: version === 'none' ? [] : await readAll(file) };
    return read.records;
  }

  /** Changes of this process wait for each other; only those of others are a matter of the lock. */
  function change<R>(edit: Edit<R>): Promise<R> {
    const changed = turn.then(() => changeNow(edit));
    turn = changed.catch(() => undefined);
    return changed;
  }

  async function changeNow<R>(edit: Edit<R>): Promise<R> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const lock = await lockOf(`${file}.lock`);
    try {
      const { records: next, result } = edit((await versionOf(file)) === 'none' ? [] : await readAll(file));
      await replaceFile({ file, text: `${JSON.stringify({ format: 1, tokens: next }, null, 2)}\n` });
      return result;
    } finally {
      await lock.release();
    }
  }

  return {
    list: records,
    find: async (token) => findToken({ token, records: await records(), now: Date.now() }),
    create: (spec) =>
      change((before) => {
        const made = makeToken(spec);
        return { records: [...before, made.record], result: made };
      }),
    revoke: (id) =>
      change((before) => {
        const found = before.find((record) => record.id === id);
        if (!found) throw notFound(`there is no token "${id}": "npm run token -- list" shows the ids`);
        const revoked = { ...found, revokedAt: found.revokedAt ?? new Date().toISOString() };
        return { records: before.map((record) => (record === found ? revoked : record)), result: revoked };
      }),
  };
}

async function readAll(file: string): Promise<readonly TokenRecord[]> {
  try {
    return TokenFile.parse(JSON.parse(await readFile(file, 'utf8'))).tokens;
  } catch (error) {
    throw new Error(`${file} is damaged; restore it from a backup, or remove it and make new tokens`, { cause: error });
  }
}

/** Each writing makes a new file, so that its number tells even two writings within one tick of the clock apart. */
async function versionOf(file: string): Promise<string> {
  try {
    const { ino, mtimeMs, size } = await stat(file);
    return `${ino} ${mtimeMs} ${size}`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'none';
    throw error;
  }
}

async function lockOf(path: string) {
  for (const until = Date.now() + patience; ; ) {
    const taken = await tryLock(path);
    if ('lock' in taken) return taken.lock;
    if (Date.now() > until) throw unavailable(`${path} is held by process ${taken.heldBy?.pid ?? '(unknown)'} for over ${patience / 1000} s; end that process, then try again`);
    await pause(10);
  }
}

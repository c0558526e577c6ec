import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTokenStore } from '../../api/tokens/store.ts';
import { repository } from '../../platform/repository.ts';
import { type ProblemBody, type RunningApi, startApiProcess, temporaryDirectory } from './running-api.ts';

/** Tokens and who a caller is need no Temporal. */
const nowhere = { address: '127.0.0.1:1' };

describe('tokens', () => {
  let api: RunningApi;
  let data: string;
  beforeAll(async () => {
    api = await startApiProcess({ temporal: nowhere });
    data = join(api.directory, 'api');
  });
  afterAll(() => api.stop());

  const command = async (...args: string[]): Promise<{ out: string; error: string }> => {
    const options = { cwd: repository, env: { ...process.env, NODE_OPTIONS: '', API_DATA_DIR: data } };
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'api/tokens/cli.ts', ...args], options);
      return { out: stdout, error: stderr };
    } catch (error) {
      return { out: '', error: String((error as { stderr: string }).stderr) };
    }
  };
  const me = (token: string) => api.stranger<{ user: string; roles: string[]; groups: string[] }>('/api/me', { headers: { authorization: `Bearer ${token}` } });

  it('are made, listed and revoked by command, and each change acts at once', async () => {
    const { out } = await command('create', '--user', 'felix', '--role', 'worker', '--role', 'viewer', '--group', 'finance');
    const token = /^tl_[A-Za-z0-9_-]{43}$/m.exec(out)?.[0] ?? '';
    const answer = await me(token);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ user: 'felix', roles: ['worker', 'viewer'], groups: ['finance'] });

    const listed = await command('list');
    const id = /^([0-9a-f]{10}) {2}felix: worker, viewer in finance/m.exec(listed.out)?.[1] ?? '';
    expect(listed.out).not.toContain(token);
    expect((await command('revoke', id)).out).toContain('Revoked');
    expect((await me(token)).status).toBe(401);
  });

  it('are kept as hashes only, and never stand in the log', async () => {
    const { token } = await api.tokens.create({ user: 'hanna', roles: ['viewer'], groups: [] });
    await me(token);
    expect(await readFile(join(data, 'tokens.json'), 'utf8')).not.toContain(token.slice(3));
    expect(api.log()).toContain('"user":"hanna"');
    expect(api.log()).not.toContain(token.slice(3));
  });

  it('end when their time is over', async () => {
    const over = await api.tokens.create({ user: 'old', roles: ['viewer'], groups: [], expiresAt: new Date(Date.now() - 1_000).toISOString() });
    const running = await api.tokens.create({ user: 'new', roles: ['viewer'], groups: [], expiresAt: new Date(Date.now() + 60_000).toISOString() });
    expect((await me(over.token)).status).toBe(401);
    expect((await me(running.token)).status).toBe(200);
  });

  it('are asked for in the right words: whatever else is presented is refused, and says how to get one', async () => {
    const { token } = await api.tokens.create({ user: 'ida', roles: ['viewer'], groups: [] });
    for (const authorization of [token, `Basic ${token}`, 'Bearer', 'Bearer  ', `Bearer ${token}x`, `Bearer ${token.slice(0, -1)}`, `Bearer ${token} ${token}`, 'Bearer tl_']) {
      const { status, headers, body } = await api.stranger<ProblemBody>('/api/me', { headers: { authorization } });
      expect({ authorization, status }).toEqual({ authorization, status: 401 });
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(body).toMatchObject({ type: 'urn:throughline:problem:unauthenticated' });
    }
    expect((await api.stranger('/api/me', { headers: { authorization: `bearer ${token}` } })).status).toBe(200);
    expect((await api.stranger<ProblemBody>('/api/me')).body.detail).toContain('npm run token -- create');
  });

  it.each([
    [['create', '--user', 'felix', '--role', 'chief'], /no such role/],
    [['create', '--user', 'felix'], /--role is missing/],
    [['create', '--role', 'viewer'], /--user/],
    [['create', '--user', 'a b', '--role', 'viewer'], /--user/],
    [['create', '--user', 'felix', '--role', 'worker'], /add --group/],
    [['create', '--user', 'felix', '--role', 'viewer', '--days', 'soon'], /--days soon/],
    [['revoke'], /npm run token -- revoke ID/],
    [['revoke', 'ffffffffff'], /no token "ffffffffff"/],
    [['forget'], /no command "forget"/],
  ])('the command %j is refused with words that help', async (args, words) => {
    const { out, error } = await command(...args);
    expect(out).toBe('');
    expect(error).toMatch(words);
  });
});

describe('the token file', () => {
  it('loses nothing when many write at once', async () => {
    const directory = await temporaryDirectory();
    const [one, two] = [createTokenStore({ directory }), createTokenStore({ directory })];
    const users = Array.from({ length: 30 }, (_, n) => `user-${n}`);
    const made = await Promise.all(users.map((user, n) => (n % 2 === 0 ? one : two).create({ user, roles: ['viewer'], groups: [] })));
    const listed = await createTokenStore({ directory }).list();
    expect(listed.map(({ user }) => user).sort()).toEqual([...users].sort());
    expect((await createTokenStore({ directory }).find(made[7]?.token ?? ''))?.user).toBe('user-7');
    await rm(directory, { recursive: true });
  });
});

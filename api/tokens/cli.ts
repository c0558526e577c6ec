import { parseArgs } from 'node:util';
import { errorMessage } from '../../platform/errors.ts';
import { type Role, roles } from '../access/matrix.ts';
import { apiDataDirectory } from '../config.ts';
import { createTokenStore, type TokenStore } from './store.ts';
import { Group, type TokenRecord, User } from './token.ts';

const usage = `Tokens for the API. They are kept hashed in tokens.json of API_DATA_DIR, and a change acts at once.

  npm run token -- create --user NAME --role ROLE [--role ROLE …] [--group GROUP …] [--days N]
  npm run token -- list
  npm run token -- revoke ID

Roles: ${roles.join(', ')}. Groups are the candidate groups of tasks; a worker needs one. A new token is shown once.
`;

type Command = (store: TokenStore, args: string[]) => Promise<string>;

const commands: Readonly<Record<string, Command>> = {
  async create(store, args) {
    const { values } = parseArgs({
      args,
      options: { user: { type: 'string' }, role: { type: 'string', multiple: true }, group: { type: 'string', multiple: true }, days: { type: 'string' } },
    });
    const user = checked({ option: '--user', result: User.safeParse(values.user) });
    const groups = (values.group ?? []).map((group) => checked({ option: '--group', result: Group.safeParse(group) }));
    const held = (values.role ?? []).map(roleNamed);
    if (held.length === 0) throw new Error(`--role is missing: give at least one of ${roles.join(', ')}`);
    if (held.includes('worker') && groups.length === 0) throw new Error('a worker without a group sees no task: add --group, for example --group finance');
    const { token, record } = await store.create({ user, roles: held, groups, expiresAt: inDays(values.days) });
    return `${token}\n\nThis is shown once. Token ${record.id} for ${describe(record)}\n`;
  },
  async list(store) {
    const records = await store.list();
    return records.length === 0 ? 'There are no tokens.\n' : records.map((record) => `${record.id}  ${describe(record)}\n`).join('');
  },
  async revoke(store, [id]) {
    if (id === undefined) throw new Error('say which: npm run token -- revoke ID ("list" shows the ids)');
    return `Revoked: ${id}  ${describe(await store.revoke(id))}\n`;
  },
};

function describe({ user, roles: held, groups, createdAt, expiresAt, revokedAt }: TokenRecord): string {
  const end = revokedAt !== null ? `, revoked ${revokedAt}` : expiresAt !== null ? `, until ${expiresAt}` : '';
  return `${user}: ${held.join(', ')}${groups.length > 0 ? ` in ${groups.join(', ')}` : ''} (made ${createdAt}${end})`;
}

function roleNamed(name: string): Role {
  const role = roles.find((one) => one === name);
  if (!role) throw new Error(`--role ${name}: there is no such role. Roles: ${roles.join(', ')}`);
  return role;
}

function inDays(text: string | undefined): string | null {
  if (text === undefined) return null;
  const days = Number(text);
  if (!(days > 0 && days <= 36_500)) throw new Error(`--days ${text}: give the number of days until the token expires, for example --days 30`);
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

function checked({ option, result }: { option: string; result: { success: boolean; data?: string; error?: { issues: readonly { message: string }[] } } }): string {
  if (result.data === undefined) throw new Error(`${option}: ${result.error?.issues[0]?.message ?? 'is missing'}`);
  return result.data;
}

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
try {
  if (!command) throw new Error(name === '' ? 'say what to do' : `there is no command "${name}"`);
  process.stdout.write(await command(createTokenStore({ directory: apiDataDirectory(process.env) }), args));
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n${command ? '' : `\n${usage}`}`);
  process.exitCode = 1;
}

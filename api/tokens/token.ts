import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { roles } from '../access/matrix.ts';

export const User = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$/, 'a user is 1 to 100 letters, digits, ".", "_", "@" or "-"');
export const Group = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a group is 1 to 63 lower-case letters, digits or "-"');

/** A token as it is kept: everything but the token itself. */
export const TokenRecord = z.strictObject({
  id: z.string(),
  /** SHA-256 of the token, in hex. The token has 256 random bits, so a plain hash cannot be reversed by guessing. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  user: User,
  roles: z.array(z.enum(roles)).min(1),
  groups: z.array(Group).max(100),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type TokenRecord = z.infer<typeof TokenRecord>;

export type TokenSpec = Pick<TokenRecord, 'user' | 'roles' | 'groups'> & { readonly expiresAt?: string | null };

/** A new token, `tl_` and 43 characters, to be shown once, and the record to keep. */
export function makeToken({ user, roles: held, groups, expiresAt = null }: TokenSpec): { token: string; record: TokenRecord } {
  const token = `tl_${randomBytes(32).toString('base64url')}`;
  const record = TokenRecord.parse({
    id: randomBytes(5).toString('hex'),
    hash: hashOf(token).toString('hex'),
    user,
    roles: [...new Set(held)],
    groups: [...new Set(groups)],
    createdAt: new Date().toISOString(),
    expiresAt,
    revokedAt: null,
  });
  return { token, record };
}

/** Whether a token opens anything now. All records are looked at, in constant time each. */
export function findToken({ token, records, now }: { token: string; records: readonly TokenRecord[]; now: number }): TokenRecord | undefined {
  const presented = hashOf(token);
  const matching = records.filter(({ hash }) => timingSafeEqual(Buffer.from(hash, 'hex'), presented));
  return matching.find(({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > now));
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

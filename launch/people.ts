import { createTokenStore } from '../api/tokens/store.ts';

/** Plainly fictional users to try the platform with. */
const samplePeople = [
  { user: 'olga', roles: ['operator', 'starter', 'viewer'], groups: [] },
  { user: 'petra', roles: ['worker', 'starter'], groups: ['accounts-payable'] },
  { user: 'felix', roles: ['worker'], groups: ['finance'] },
  { user: 'tara', roles: ['worker'], groups: ['treasury'] },
  { user: 'hanna', roles: ['worker', 'starter'], groups: ['hr'] },
  { user: 'ivo', roles: ['worker'], groups: ['it'] },
  { user: 'fatima', roles: ['worker'], groups: ['facilities'] },
] as const;
export type SampleUser = (typeof samplePeople)[number]['user'];

export interface SampleToken {
  readonly user: SampleUser;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly token: string;
}

/** Makes fresh tokens for the sample users that are asked for and ends the ones that they had. */
export async function freshTokens({ apiDataDir, users }: { apiDataDir: string; users: readonly SampleUser[] }): Promise<readonly SampleToken[]> {
  const store = createTokenStore({ directory: apiDataDir });
  for (const { id, user, revokedAt } of await store.list()) {
    if (revokedAt === null && users.some((wanted) => wanted === user)) await store.revoke(id);
  }
  const tokens: SampleToken[] = [];
  for (const { user, roles, groups } of samplePeople.filter((person) => users.includes(person.user))) {
    const { token } = await store.create({ user, roles: [...roles], groups: [...groups] });
    tokens.push({ user, roles, groups, token });
  }
  return tokens;
}

import { randomBytes } from 'node:crypto';

export interface Session {
  readonly id: string;
  readonly user: string;
  /** Every form carries it back, so that no other site can send a form in the user's name. */
  readonly formToken: string;
  expiresAt: number;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Sessions live in memory and end after `seconds` without a request; a restart ends them all. */
export function createSessions({ seconds }: { seconds: number }) {
  const sessions = new Map<string, Session>();
  const prolonged = () => Date.now() + seconds * 1000;
  return {
    begin(user: string): Session {
      for (const [id, { expiresAt }] of sessions) if (expiresAt <= Date.now()) sessions.delete(id);
      const session = { id: randomBytes(24).toString('base64url'), user, formToken: randomBytes(24).toString('base64url'), expiresAt: prolonged() };
      sessions.set(session.id, session);
      return session;
    },
    /** The session if it has not ended, and prolongs it. */
    find(id: string | undefined): Session | undefined {
      const session = id === undefined ? undefined : sessions.get(id);
      if (!session || session.expiresAt <= Date.now()) return undefined;
      session.expiresAt = prolonged();
      return session;
    },
    end: (id: string) => void sessions.delete(id),
    endAll: () => sessions.clear(),
  };
}

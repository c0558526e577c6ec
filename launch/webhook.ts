import { randomUUID } from 'node:crypto';
import { createTokenStore } from '../api/tokens/store.ts';
import type { Sandbox } from '../sandbox/start.ts';

const user = 'signing-service';

/** Registers the API with the sandbox's signing service, which from then on brings the message that a contract was signed, with a token of its own. */
export async function registerWebhook({ sandbox, apiUrl, apiDataDir }: { sandbox: Pick<Sandbox, 'systems'>; apiUrl: string; apiDataDir: string }): Promise<void> {
  const store = createTokenStore({ directory: apiDataDir });
  for (const { id, user: owner, revokedAt } of await store.list()) if (owner === user && revokedAt === null) await store.revoke(id);
  const { token } = await store.create({ user, roles: ['starter'], groups: [] });
  const answer = await fetch(`${sandbox.systems.signing.url}/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ url: `${apiUrl}/api/instances/{reference}/messages/contractSigned`, token }),
  });
  if (!answer.ok) throw new Error(`the sandbox's signing service takes no webhook: ${answer.status} ${await answer.text()}`);
}

import { z } from 'zod';
import { bookEntry, openBook, Revocation, Revoked } from '../book.ts';
import { refusal } from '../refusals.ts';
import { runService } from '../service.ts';
import { openNotices, Webhook } from './notices.ts';

const Envelope = z.strictObject({
  /** Which contract, for whom. */
  title: z.string().min(1).max(200),
  signer: z.email(),
  /** Given back with what is told of the envelope. */
  reference: z.string().min(1).max(300),
});
type Envelope = z.infer<typeof Envelope>;

const Answer = z.strictObject({
  envelopeId: z.string().min(1).max(40),
  outcome: z.enum(['signed', 'declined']),
  /** How often the sender is told, as services do that are not sure whether they were heard. */
  tellTimes: z.int().min(1).max(5).optional(),
});
type Answer = z.infer<typeof Answer>;

await runService({
  title: 'Signing',
  async setup(service, { dataDir }) {
    const envelopes = await openBook({ file: `${dataDir}/envelopes.ndjson`, facts: Envelope, states: ['sent', 'voided'] });
    const answers = await openBook({ file: `${dataDir}/answers.ndjson`, facts: Answer, states: ['given', 'void'] });
    const notices = openNotices();
    const open = (wanted: Answer): Answer => {
      const envelope = envelopes.list().find(({ id }) => id === wanted.envelopeId);
      if (!envelope) throw refusal('unknown-envelope', { detail: `there is no envelope ${wanted.envelopeId}` });
      if (envelope.state === 'voided') throw refusal('envelope-closed', { detail: `the envelope ${envelope.id} was voided at ${envelope.endedAt}` });
      for (const { envelopeId, outcome, at } of answers.live()) if (envelopeId === wanted.envelopeId) throw refusal('envelope-closed', { detail: `the envelope ${envelopeId} was ${outcome} at ${at}` });
      return wanted;
    };
    service.route({
      method: 'POST',
      path: '/envelopes',
      title: 'Send a contract to be signed',
      status: 201,
      body: Envelope,
      answer: z.object({ envelopeId: z.string() }),
      refuses: ['revoked'],
      async handle({ body, key }) {
        const { id } = await envelopes.enter({ key, request: body, decide: () => body });
        return { envelopeId: id };
      },
    });
    service.route({
      method: 'POST',
      path: '/envelopes/void',
      title: 'Void what was sent under a key, signed or not, and refuse that key from now on',
      body: Revocation,
      answer: Revoked,
      handle: ({ body: { forwardKey }, key }) => envelopes.revoke({ key, forwardKey }),
    });
    service.route({
      method: 'POST',
      path: '/answers',
      title: 'Sign an envelope or decline to, as its signer; its sender is told',
      status: 201,
      body: Answer,
      answer: z.object({ answerId: z.string() }),
      refuses: ['unknown-envelope', 'envelope-closed', 'revoked'],
      async handle({ body, key }) {
        const { id, outcome, at, envelopeId, tellTimes = 1 } = await answers.enter({ key, request: body, decide: () => open(body) });
        const { reference = '' } = envelopes.list().find((one) => one.id === envelopeId) ?? {};
        for (let nth = 1; nth <= tellTimes; nth++) notices.tell({ reference, id, outcome, at });
        return { answerId: id };
      },
    });
    service.route({
      method: 'POST',
      path: '/webhook',
      title: 'Say where senders are told of answers',
      body: Webhook,
      answer: z.object({}),
      handle({ body }) {
        notices.tellAt(body);
        return {};
      },
    });
    service.route({
      method: 'GET',
      path: '/books',
      title: 'Everything this system holds',
      answer: z.object({ envelopes: z.array(bookEntry(Envelope)), answers: z.array(bookEntry(Answer)), revokedKeys: z.array(z.string()) }),
      handle: () => ({ envelopes: envelopes.list(), answers: answers.list(), revokedKeys: envelopes.revokedKeys() }),
    });
    return {
      close: async () => {
        notices.close();
        await Promise.all([envelopes.close(), answers.close()]);
      },
    };
  },
});

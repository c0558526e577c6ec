import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { blockKinds } from './books.ts';
import type { Block, Books } from './books.ts';
import { showDate } from './draft.ts';
import { fieldRow, formToken, notice, refusal, sendPage } from './frame.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

const BlockForm = z.object({ kind: z.enum(blockKinds), value: z.string().trim().min(1).max(120), reason: z.string().trim().max(120).default('') });

/** AP90: what nothing may be posted for. Clerks use it for vendors in dispute and for papers that must not come back. */
export function addBlockPages(app: FastifyInstance, { books }: { books: Books }): void {
  app.get('/ap/blocks', (request, reply) => blocksPage({ request, reply, books, problems: [] }));

  app.post('/ap/blocks', (request, reply) => {
    const form = BlockForm.safeParse(request.body);
    if (!form.success || form.data.reason.length < 3) return blocksPage({ request, reply, books, problems: ['Number or text, or the reason, is missing.'] });
    if (!books.block(form.data)) books.setBlock({ ...form.data, by: request.session.user });
    return reply.redirect('/ap/blocks');
  });

  app.post('/ap/blocks/lift', (request, reply) => {
    const form = BlockForm.safeParse(request.body);
    if (!form.success || !books.block(form.data)) return blocksPage({ request, reply, books, problems: ['This block is not set.'] });
    books.liftBlock(form.data);
    return reply.redirect('/ap/blocks');
  });
}

interface BlocksPage {
  request: FastifyRequest;
  reply: FastifyReply;
  books: Books;
  problems: readonly string[];
}

function blocksPage({ request: { session }, reply, books, problems }: BlocksPage): FastifyReply {
  const blocks = books.blocks();
  const lift = ({ kind, value }: Block): Html => html`<form method="post" action="/ap/blocks/lift">${formToken(session)}<input type="hidden" name="kind" value="${kind}">
<input type="hidden" name="value" value="${value}"><input type="submit" value="Lift"></form>`;
  return sendPage(reply, {
    title: 'Posting blocks',
    session,
    body: html`${refusal(problems)}<form method="post" action="/ap/blocks">${formToken(session)}<fieldset><legend>New block</legend><table role="presentation">
<tr><th><label for="kind">Block</label></th><td><select id="kind" name="kind">${blockKinds.map((kind) => html`<option value="${kind}">${kind}</option>`)}</select></td></tr>
${fieldRow({ field: { name: 'value', label: 'Number or text', size: 60, max: 120, required: true }, value: '' })}
${fieldRow({ field: { name: 'reason', label: 'Reason', size: 60, max: 120, required: true }, value: '' })}</table></fieldset>
<input type="submit" value="Set block"></form><br>${
      blocks.length === 0
        ? notice('No blocks are set.')
        : html`<table class="grid"><caption>Blocks</caption><thead><tr><th scope="col">Block</th><th scope="col">Number or text</th><th scope="col">Reason</th><th scope="col">Set</th><td></td></tr></thead>
<tbody>${blocks.map((block) => html`<tr><td>${block.kind}</td><td>${block.value}</td><td>${block.reason}</td><td>${showDate(block.setAt)} ${block.setBy}</td><td>${lift(block)}</td></tr>`)}</tbody></table>`
    }`,
  });
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { showAmount } from './amounts.ts';
import type { Books, Entry } from './books.ts';
import { showDate, showDraft } from './draft.ts';
import { factRows } from './entry-pages.ts';
import { fieldRow, formToken, notice, refusal, sendPage, success } from './frame.ts';
import type { Field } from './frame.ts';
import { html } from './html.ts';
import type { Part } from './html.ts';

const criteria = [
  { name: 'vendorId', label: 'Vendor no.', size: 14, max: 40 },
  { name: 'invoiceNumber', label: 'Invoice no.', size: 24, max: 40 },
  { name: 'reference', label: 'Reference', size: 60, max: 120 },
] as const satisfies readonly Field[];

const criterion = z.string().trim().catch('');
const SearchQuery = z.object({ vendorId: criterion, invoiceNumber: criterion, reference: criterion });
const Reason = z.object({ reason: z.string().trim().catch('') }).catch({ reason: '' });

/** AP20: find documents, look at one, cancel it. */
export function addDocumentPages(app: FastifyInstance, { books }: { books: Books }): void {
  app.get('/ap/documents', ({ query, session }, reply) => {
    const search = SearchQuery.parse(query);
    const asked = criteria.some(({ name }) => search[name] !== '');
    return sendPage(reply, {
      title: 'Find documents',
      session,
      body: html`<form method="get" action="/ap/documents"><fieldset><legend>Selection</legend>
<table role="presentation">${criteria.map((field) => fieldRow({ field, value: search[field.name] }))}</table></fieldset>
<input type="submit" value="Find"></form><br>${asked ? results(books.find(search)) : undefined}`,
    });
  });

  app.get<{ Params: { number: string }; Querystring: { posted?: string } }>('/ap/documents/:number', (request, reply) => {
    const entry = books.entry(request.params.number);
    if (!entry) return missing(request, reply);
    const posted = request.query.posted !== undefined;
    return sendPage(reply, {
      title: posted ? 'Document posted' : `Document ${entry.documentNumber}`,
      session: request.session,
      body: html`${posted ? success(html`Document <b>${entry.documentNumber}</b> was posted in client 100.`) : undefined}
<table class="grid"><caption>Document ${entry.documentNumber}</caption><tbody>${facts(entry)}</tbody></table>
${entry.state === 'posted' ? html`<p><a href="/ap/documents/${entry.documentNumber}/cancel">Cancel document</a></p>` : undefined}`,
    });
  });

  app.get<{ Params: { number: string } }>('/ap/documents/:number/cancel', (request, reply) => {
    const entry = books.entry(request.params.number);
    return entry ? cancelPage({ request, reply, entry, problems: [] }) : missing(request, reply);
  });

  app.post<{ Params: { number: string } }>('/ap/documents/:number/cancel', (request, reply) => {
    const entry = books.entry(request.params.number);
    if (!entry) return missing(request, reply);
    const { reason } = Reason.parse(request.body);
    const problems = entry.state === 'cancelled' ? [`Document ${entry.documentNumber} is already cancelled.`] : reason.length < 3 ? ['Reason is missing.'] : [];
    if (problems.length > 0) return cancelPage({ request, reply, entry, problems });
    books.cancel({ documentNumber: entry.documentNumber, reason: reason.slice(0, 120), by: request.session.user });
    return reply.redirect(`/ap/documents/${entry.documentNumber}`);
  });
}

const columns = ['Document no.', 'Status', 'Vendor no.', 'Invoice no.', 'Document date', 'Gross amount', 'Currency', 'Reference'];

function results(found: readonly Entry[]): Part {
  if (found.length === 0) return notice('No documents found.');
  return html`<table class="grid"><caption>Documents found</caption><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>${found.map(
    ({ documentNumber, state, vendorId, invoiceNumber, invoiceDate, total, reference }) => html`<tr>
<td><a href="/ap/documents/${documentNumber}">${documentNumber}</a></td><td>${state}</td><td>${vendorId}</td><td>${invoiceNumber}</td>
<td>${showDate(invoiceDate)}</td><td class="amount">${showAmount(total)}</td><td>${total.currency}</td><td>${reference}</td></tr>`,
  )}</tbody></table>`;
}

function facts(entry: Entry): Part {
  const row = (label: string, value: string) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`;
  const { cancelledBy, cancelledAt = '', cancelReason } = entry;
  return [
    row('Document no.', entry.documentNumber),
    row('Status', entry.state),
    ...factRows(showDraft(entry)),
    row('Entered', `${showDate(entry.enteredAt)} ${entry.enteredBy}`),
    ...(cancelledBy === undefined ? [] : [row('Cancelled', `${showDate(cancelledAt)} ${cancelledBy}`), row('Reason', cancelReason ?? '')]),
  ];
}

interface CancelPage {
  request: FastifyRequest;
  reply: FastifyReply;
  entry: Entry;
  problems: readonly string[];
}

function cancelPage({ request: { session }, reply, entry, problems }: CancelPage): FastifyReply {
  const { documentNumber } = entry;
  const field = { name: 'reason', label: 'Reason', size: 50, max: 120, required: true };
  return sendPage(reply, {
    title: `Cancel document ${documentNumber}`,
    session,
    body: html`${refusal(problems)}<form method="post" action="/ap/documents/${documentNumber}/cancel" data-question="Cancel document ${documentNumber}? This cannot be undone."
 onsubmit="return confirm(this.getAttribute('data-question'))">${formToken(session)}
<table class="grid"><caption>Document ${documentNumber}</caption><tbody>${facts(entry)}</tbody></table><br>
<table role="presentation">${fieldRow({ field, value: '' })}</table><br><input type="submit" value="Cancel document"></form>`,
  });
}

const missing = ({ session }: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendPage(reply.code(404), { title: 'Document not found', session, body: refusal(['There is no document with this number.']) });

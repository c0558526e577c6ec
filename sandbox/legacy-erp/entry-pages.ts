import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Books } from './books.ts';
import { amountFields, checkAmounts, checkHeader, draftOf, headerFields, readForm, showDraft } from './draft.ts';
import type { Typed } from './draft.ts';
import { fieldRow, formToken, refusal, sendPage } from './frame.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

/**
 * AP10: header, amounts, review. What was typed travels in hidden fields from page to page and is checked again at posting. Posting is not
 * protected against a form sent twice.
 */
export function addEntryPages(app: FastifyInstance, { books, closedUntil }: { books: Books; closedUntil: string }): void {
  const problemsOfHeader = (typed: Typed) => checkHeader({ typed, books, closedUntil });

  app.get('/ap/entry', (request, reply) => headerPage({ request, reply, typed: readForm(undefined), problems: [] }));

  app.post('/ap/entry/header', (request, reply) => {
    const typed = readForm(request.body);
    const problems = problemsOfHeader(typed);
    return (problems.length > 0 ? headerPage : amountsPage)({ request, reply, typed, problems });
  });

  app.post('/ap/entry/amounts', (request, reply) => {
    const typed = readForm(request.body);
    const problems = checkAmounts({ typed });
    return (problems.length > 0 ? amountsPage : reviewPage)({ request, reply, typed, problems });
  });

  app.post('/ap/entry/post', (request, reply) => {
    const typed = readForm(request.body);
    const problems = [...problemsOfHeader(typed), ...checkAmounts({ typed })];
    if (problems.length > 0) return headerPage({ request, reply, typed, problems });
    const { documentNumber } = books.post({ draft: draftOf(typed), by: request.session.user });
    return reply.redirect(`/ap/documents/${documentNumber}?posted`);
  });
}

interface Page {
  request: FastifyRequest;
  reply: FastifyReply;
  typed: Typed;
  problems: readonly string[];
}

function headerPage({ request: { session }, reply, typed, problems }: Page): FastifyReply {
  return sendPage(reply, {
    title: 'Enter vendor invoice: header',
    session,
    body: html`${refusal(problems)}<form method="post" action="/ap/entry/header">${formToken(session)}
<fieldset><legend>Document header</legend><table role="presentation">${headerFields.map((field) => fieldRow({ field, value: typed[field.name] }))}</table></fieldset>
<input type="submit" value="Continue"></form>`,
  });
}

function amountsPage({ request: { session }, reply, typed, problems }: Page): FastifyReply {
  return sendPage(reply, {
    title: 'Enter vendor invoice: amounts',
    session,
    body: html`${refusal(problems)}<form method="post" action="/ap/entry/amounts">${formToken(session)}${hidden({ typed, fields: headerFields })}
<fieldset><legend>Vendor ${typed.vendorId}, invoice ${typed.invoiceNumber}</legend>
<table role="presentation">${amountFields.map((field) => fieldRow({ field, value: typed[field.name] }))}</table></fieldset>
<input type="submit" value="Continue"></form>`,
  });
}

function reviewPage({ request: { session }, reply, typed }: Page): FastifyReply {
  // Shown in the ERP's own format, whatever format was typed.
  const shown = showDraft(draftOf(typed));
  const question = `Post invoice ${shown.invoiceNumber} of vendor ${shown.vendorId} with ${shown.total} ${shown.currency}?`;
  return sendPage(reply, {
    title: 'Enter vendor invoice: review',
    session,
    body: html`<form method="post" action="/ap/entry/post" data-question="${question}" onsubmit="return confirm(this.getAttribute('data-question'))">
${formToken(session)}${hidden({ typed: shown, fields: [...headerFields, ...amountFields] })}
<table class="grid"><caption>Document to be posted</caption><tbody>${factRows(shown)}</tbody></table><br>
<input type="submit" value="Post"></form>`,
  });
}

export const factRows = (typed: Typed): Html[] =>
  [...headerFields, ...amountFields].map(({ name, label }) => html`<tr><th scope="row">${label}</th><td>${typed[name]}</td></tr>`);

const hidden = ({ typed, fields }: { typed: Typed; fields: readonly { name: keyof Typed }[] }): Html[] =>
  fields.map(({ name }) => html`<input type="hidden" name="${name}" value="${typed[name]}">`);

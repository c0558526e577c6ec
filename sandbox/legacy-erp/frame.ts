import type { FastifyReply } from 'fastify';
import { html } from './html.ts';
import type { Html, Part } from './html.ts';
import type { Session } from './sessions.ts';

const style = `
body { margin: 0; background: #d4d0c8; color: #000; font: 11px Verdana, Tahoma, "DejaVu Sans", "Open Sans", sans-serif; }
table { font-size: 11px; border-collapse: collapse; }
.top { background: #0a246a; color: #fff; padding: 4px 8px; }
.top b { letter-spacing: 1px; }
.top span { float: right; color: #a6caf0; }
.bar { border-top: 1px solid #fff; border-bottom: 1px solid #808080; padding: 3px 8px; }
.bar a, .bar span { color: #000; text-decoration: none; margin-right: 14px; }
.bar u { color: #0a246a; }
.work { padding: 8px; }
.frame { width: 100%; border-collapse: separate; }
.menu { width: 150px; vertical-align: top; background: #fff; border: 2px inset #fff; padding: 6px; }
.menu a { display: block; color: #0a246a; padding: 2px; white-space: nowrap; }
.menu p { margin: 0 0 4px; font-weight: bold; color: #808080; }
.pane { vertical-align: top; border: 2px outset #fff; padding: 0 0 10px; }
h1 { margin: 0 0 10px; padding: 3px 6px; font-size: 12px; color: #fff; background: #0a246a; background: linear-gradient(90deg, #0a246a, #a6caf0); }
.pane > *:not(h1) { margin-left: 10px; margin-right: 10px; }
fieldset { border: 2px groove #fff; margin-bottom: 10px; padding: 6px 10px; }
legend { color: #0a246a; font-weight: bold; }
th { text-align: left; font-weight: normal; padding: 2px 12px 2px 0; white-space: nowrap; }
td { padding: 2px 4px; }
td small { color: #606060; font-size: 10px; }
input[type=text], input[type=password], select { font: 12px "Courier New", "DejaVu Sans Mono", monospace; border: 2px inset #fff; background: #fff; padding: 1px 3px; }
input[required] { background: #ffffe1; }
input[type=submit], input[type=button] { font: 11px Verdana, Tahoma, "DejaVu Sans", "Open Sans", sans-serif; border: 2px outset #fff; background: #d4d0c8; padding: 1px 12px; min-width: 86px; }
.grid { background: #fff; border: 2px inset #fff; }
.grid caption { text-align: left; padding: 3px 0; font-weight: bold; }
.grid thead th { background: #d4d0c8; border: 1px solid #808080; padding: 2px 6px; }
.grid td, .grid tbody th { border: 1px solid #d4d0c8; padding: 2px 6px; white-space: nowrap; }
.grid tbody th { background: #f1efe9; }
.grid td.amount { text-align: right; font-family: "Courier New", "DejaVu Sans Mono", monospace; }
.message { border: 1px solid #808080; background: #fff; padding: 4px 8px; margin-bottom: 10px; }
.error { border-color: #c00000; background: #ffe4e1; color: #a00000; }
.done { border-color: #007000; background: #e6ffe6; color: #005000; }
.foot { position: fixed; bottom: 0; left: 0; right: 0; border-top: 1px solid #fff; background: #d4d0c8; padding: 2px 8px; color: #404040; }
.foot span { border: 1px inset #fff; padding: 0 8px; margin-right: 4px; }
`;

export const systemName = 'Graubuch 4.1';

export interface Frame {
  title: string;
  session?: Session;
  body: Part;
}

/** A whole page in the frame that all pages of this ERP share. */
export function sendPage(reply: FastifyReply, frame: Frame): FastifyReply {
  return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(renderPage(frame).markup);
}

export function renderPage({ title, session, body }: Frame): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${title} - ${systemName}</title><style>${{ markup: style }}</style></head>
<body>
<div class="top"><span>Client 100 &middot; Accounts Payable</span><b>${systemName}</b></div>
${session ? toolbar(session) : undefined}
<div class="work"><table class="frame" role="presentation"><tr>
${session ? menu : undefined}
<td class="pane"><h1>${title}</h1>
${body}
</td></tr></table></div>
<div class="foot"><span>GBK1</span><span>100</span><span>${session?.user ?? '-'}</span> (c) 1998-2006</div>
</body>
</html>`;
}

const toolbar = (session: Session): Html => html`<form class="bar" method="post" action="/logout">${formToken(session)}
<a href="javascript:history.back()" id="f3"><u>F3</u> Back</a><a href="/menu" id="f4"><u>F4</u> Menu</a><input type="submit" value="Sign off"></form>
<script>document.onkeydown = function (e) { var l = document.getElementById(e.key.toLowerCase()); if (l && /^F[0-9]$/.test(e.key)) { l.click(); return false; } };</script>`;

const menu = html`<td class="menu"><p>Accounts Payable</p>
<a href="/ap/entry">AP10 Enter vendor invoice</a>
<a href="/ap/documents">AP20 Find documents</a>
<a href="/ap/blocks">AP90 Posting blocks</a></td>`;

export const formToken = (session: Session): Html => html`<input type="hidden" name="formToken" value="${session.formToken}">`;

/** What the business has against it, in the words that a robot passes on too. */
export const refusal = (messages: readonly string[]): Part =>
  messages.length === 0 ? undefined : html`<div class="message error" role="alert">${messages.map((message) => html`<div>${message}</div>`)}</div>`;

export const notice = (message: Part): Html => html`<div class="message" role="status">${message}</div>`;
export const success = (message: Part): Html => html`<div class="message done" role="status">${message}</div>`;

export interface Field {
  name: string;
  label: string;
  /** characters shown, and characters taken */
  size: number;
  max: number;
  hint?: string;
  required?: boolean;
}

export function fieldRow({ field, value }: { field: Field; value: string }): Html {
  const { name, label, size, max, hint, required } = field;
  return html`<tr><th><label for="${name}">${label}</label></th>
<td><input type="text" id="${name}" name="${name}" size="${size}" maxlength="${max}" value="${value}"${required ? html` required` : undefined}> <small>${hint}</small></td></tr>`;
}

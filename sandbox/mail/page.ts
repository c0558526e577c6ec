import { html } from '../legacy-erp/html.ts';
import type { Message } from './mailbox.ts';

/** The mailbox as a page to read, newest first. */
export function mailboxPage(messages: readonly Message[]): string {
  const newestFirst = [...messages].reverse();
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<title>Mailbox (${messages.length})</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430; background: #f6f7f9; }
article { background: #fff; border: 1px solid #d9dee5; border-radius: 6px; padding: 1rem 1.25rem; margin: 1rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 .75rem; margin: .25rem 0 .75rem; color: #5a6675; font-size: .875rem; }
dd { margin: 0; }
pre { font: inherit; white-space: pre-wrap; margin: 0; }
</style>
</head>
<body>
<h1>Mailbox</h1>
${newestFirst.length === 0 ? html`<p>No mail has arrived yet.</p>` : newestFirst.map(article)}
</body>
</html>`;
  return `<!doctype html>\n${page.markup}\n`;
}

const article = ({ id, from, to, subject, text, date }: Message) => html`<article>
<h2>${subject}</h2>
<dl><dt>From</dt><dd>${from}</dd><dt>To</dt><dd>${to.join(', ')}</dd><dt>Arrived</dt><dd><time datetime="${date}">${date}</time> · <a href="/messages/${id}/raw">source</a></dd></dl>
<pre>${text}</pre>
</article>
`;

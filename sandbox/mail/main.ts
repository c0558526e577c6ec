import { z } from 'zod';
import { addFaults } from '../faults.ts';
import { openApiOf } from '../openapi.ts';
import { refusal } from '../refusals.ts';
import { createServer, listen, settingFromEnv } from '../service.ts';
import { Message, openMailbox } from './mailbox.ts';
import { mailboxPage } from './page.ts';
import { openSmtp } from './smtp.ts';

// Beside PORT, where the mailbox is read, SMTP_PORT says where mail is taken (0 or absent: any free one).
const { dataDir, env } = settingFromEnv();
const mailbox = await openMailbox({ directory: `${dataDir}/messages` });

const app = createServer();
// Mail fails on its way in, never when the mailbox is looked at.
const faults = addFaults(app, { exempt: ['/*'] });
const smtp = await openSmtp({ port: Number(env.SMTP_PORT ?? 0), mailbox, faults });
app.addHook('onClose', () => smtp.close());

const everything = z.array(Message);
app.get('/messages', () => everything.parse(mailbox.list()));
app.get('/books', () => ({ messages: everything.parse(mailbox.list()) }));
app.get<{ Params: { id: string } }>('/messages/:id/raw', async ({ params: { id } }, reply) => {
  const bytes = await mailbox.raw(id);
  if (!bytes) throw refusal('unknown-message', { detail: `there is no message ${id}; see /messages` });
  // As plain text: a mail may hold markup, which a browser must not take for a page of ours.
  return reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff').send(bytes);
});
app.get('/', (_request, reply) =>
  reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    .send(mailboxPage(mailbox.list())),
);
app.get('/openapi.json', () =>
  openApiOf({
    title: 'Mailbox',
    routes: [
      { method: 'GET', path: '/messages', title: 'All mail that arrived, oldest first', answer: everything },
      { method: 'GET', path: '/books', title: 'Everything this system holds', answer: z.object({ messages: everything }) },
    ],
  }),
);

await listen(app, { smtp: smtp.url });

import { setTimeout as delay } from 'node:timers/promises';
import fastifyCookie from '@fastify/cookie';
import fastifyFormbody from '@fastify/formbody';
import Fastify from 'fastify';
import { z } from 'zod';
import { addFaults } from '../faults.ts';
import { listen } from '../service.ts';
import { addSignIn, requireSession } from './access.ts';
import { addBlockPages } from './block-pages.ts';
import { openBooks } from './books.ts';
import { addDocumentPages } from './document-pages.ts';
import { addEntryPages } from './entry-pages.ts';
import { notice, refusal, renderPage, sendPage } from './frame.ts';
import { createSessions } from './sessions.ts';

const Settings = z.object({
  DATA_DIR: z.string().min(1),
  LEGACY_ERP_USER: z.string().min(1),
  LEGACY_ERP_PASSWORD: z.string().min(1),
  /** A session ends after this time without a request. */
  SESSION_SECONDS: z.coerce.number().positive().default(60),
  /** How long every page takes, in milliseconds. */
  PAGE_LATENCY: z.coerce.number().min(0).max(60_000).default(150),
  /** The last day of the last closed posting period. */
  CLOSED_UNTIL: z.iso.date().default('2023-12-31'),
});

const settings = Settings.safeParse(process.env);
if (!settings.success) {
  console.error(`the legacy ERP cannot start, its environment is not right:\n${z.prettifyError(settings.error)}`);
  process.exit(1);
}
const { DATA_DIR, LEGACY_ERP_USER, LEGACY_ERP_PASSWORD, SESSION_SECONDS, PAGE_LATENCY, CLOSED_UNTIL } = settings.data;

const books = await openBooks({ dataDir: DATA_DIR });
const sessions = createSessions({ seconds: SESSION_SECONDS });
const app = Fastify({ bodyLimit: 64 * 1024, forceCloseConnections: true });

addFaults(app, {
  exempt: ['/books'],
  errorPage: (_reply, { title }) => ({
    type: 'text/html; charset=utf-8',
    body: renderPage({ title, body: refusal([`GBK1 reports: ${title}. Please try again later.`]) }).markup,
  }),
  extra: { 'session-expiry': { description: 'all sessions end before the request is looked at', apply: () => sessions.endAll() } },
});
app.addHook('onRequest', async ({ url }) => {
  if (url !== '/books' && url !== '/_faults') await delay(PAGE_LATENCY);
});
// No page tells of something that a crash could still take back.
app.addHook('onSend', async () => books.settled());
app.addHook('onClose', async () => books.close());
app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
  const { statusCode = 500, message } = error;
  if (statusCode >= 500) console.error(error);
  return sendPage(reply.code(statusCode), { title: statusCode >= 500 ? 'Internal error' : 'Request not accepted', body: refusal([`GBK1 reports: ${message}`]) });
});
app.setNotFoundHandler((_request, reply) => sendPage(reply.code(404), { title: 'Page not found', body: refusal(['This transaction does not exist.']) }));

await app.register(fastifyCookie);
await app.register(fastifyFormbody);
// Not a part of the ERP: where tests and the demo look at what it holds.
app.get('/books', () => ({ entries: books.entries(), blocks: books.blocks() }));
addSignIn(app, { sessions, credentials: { user: LEGACY_ERP_USER, password: LEGACY_ERP_PASSWORD } });
await app.register(async (pages) => {
  requireSession(pages, sessions);
  pages.get('/menu', ({ session }, reply) =>
    sendPage(reply, { title: 'Main menu', session, body: notice(`Welcome, ${session.user}. Closed until ${CLOSED_UNTIL}. Choose a transaction on the left.`) }),
  );
  addEntryPages(pages, { books, closedUntil: CLOSED_UNTIL });
  addDocumentPages(pages, { books });
  addBlockPages(pages, { books });
});

await listen(app);

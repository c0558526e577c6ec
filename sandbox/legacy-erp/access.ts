import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { refusal, sendPage } from './frame.ts';
import { html } from './html.ts';
import type { Session, Sessions } from './sessions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every page behind the sign-in. */
    session: Session;
  }
}

const cookieName = 'GBKSESSION';

interface Access {
  sessions: Sessions;
  credentials: { user: string; password: string };
}

/** The pages to sign in and off. */
export function addSignIn(app: FastifyInstance, { sessions, credentials }: Access): void {
  app.get('/', (_request, reply) => signInPage(reply, []));

  app.get<{ Querystring: { ended?: string } }>('/login', (request, reply) =>
    signInPage(reply, request.query.ended === undefined ? [] : ['Your session has ended. Please sign in again.']),
  );

  app.post('/login', (request, reply) => {
    const given = z.object({ user: z.string(), password: z.string() }).safeParse(request.body);
    if (given.data?.user !== credentials.user || given.data.password !== credentials.password) {
      return signInPage(reply, ['User or password is not correct.']);
    }
    return reply.setCookie(cookieName, sessions.begin(credentials.user).id, { path: '/', httpOnly: true, sameSite: 'lax' }).redirect('/menu');
  });

  app.post('/logout', (request, reply) => {
    const session = sessions.find(request.cookies[cookieName]);
    if (session) sessions.end(session.id);
    return reply.clearCookie(cookieName, { path: '/' }).redirect('/login');
  });
}

/** Makes every route of `app` ask for a session, and every form for its token. */
export function requireSession(app: FastifyInstance, sessions: Sessions): void {
  app.decorateRequest('session');
  app.addHook('preHandler', async (request: FastifyRequest, reply) => {
    const session = sessions.find(request.cookies[cookieName]);
    if (!session) return reply.redirect(request.cookies[cookieName] === undefined ? '/login' : '/login?ended');
    request.session = session;
    const sent = z.object({ formToken: z.string() }).safeParse(request.body);
    if (request.method === 'POST' && sent.data?.formToken !== session.formToken) {
      return sendPage(reply.code(403), { title: 'Form not accepted', session, body: refusal(['This form belongs to another session. Please start again from the menu.']) });
    }
  });
}

function signInPage(reply: FastifyReply, messages: readonly string[]): FastifyReply {
  return sendPage(reply, {
    title: 'Sign in',
    body: html`${refusal(messages)}<form method="post" action="/login" autocomplete="off"><fieldset><legend>System GBK1, client 100</legend><table role="presentation">
<tr><th><label for="user">User</label></th><td><input type="text" id="user" name="user" size="20" maxlength="40" required></td></tr>
<tr><th><label for="password">Password</label></th><td><input type="password" id="password" name="password" size="20" maxlength="80" required></td></tr>
</table></fieldset><input type="submit" value="Sign in"></form>`,
  });
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closeBrowsers } from '../../activities/browser/browser.ts';
import { enter } from '../../activities/legacy-erp/enter-invoice.ts';
import { browsersOf } from './browsers.ts';
import { anInvoice, createCall, failureOf } from './call.ts';
import type { TestCall } from './call.ts';
import { credentials, startErp } from './erp.ts';
import type { RunningErp } from './erp.ts';
import { contentOf } from './zip.ts';

let erp: RunningErp;
const environment = { ...process.env };
beforeAll(async () => {
  erp = await startErp();
});
afterEach(async () => {
  Object.assign(process.env, { LEGACY_ERP_URL: erp.url, LEGACY_ERP_USER: credentials.user, LEGACY_ERP_PASSWORD: credentials.password });
  for (const name of ['THROUGHLINE_BROWSER', 'LEGACY_ERP_PAGE_TIMEOUT']) {
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  }
  await erp.clearFaults();
});
afterAll(async () => {
  await closeBrowsers();
  await erp.stop();
});

/** Everything an attempt left behind, as text. */
const allOf = ({ files, messages, heartbeats }: TestCall): string =>
  [...[...files].map(([name, bytes]) => (name.endsWith('.zip') ? contentOf(bytes) : Buffer.from(bytes).toString('latin1'))), ...messages, JSON.stringify(heartbeats)].join('\n');
/** In any form in which it may have been written down. */
const formsOf = (secret: string): string[] => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')];

describe('the password of the robot', () => {
  it('when it is wrong, calls a person and is nowhere to be seen', async () => {
    const wrong = 'Wr0ng&<one>';
    process.env.LEGACY_ERP_PASSWORD = wrong;
    const call = createCall();
    const failure = await failureOf(enter.run(anInvoice(), call));
    expect(failure).toMatchObject({ type: 'Unexpected', message: expect.stringContaining('User or password is not correct') });
    expect([...call.files.keys()]).toEqual(['enterInLegacyErp-1-failure.jpg', 'enterInLegacyErp-1-failure-page.yaml']);
    for (const form of formsOf(wrong)) expect(allOf(call) + JSON.stringify(failure)).not.toContain(form);
  });

  it('is not in the trace, also after it signed in a second time', async () => {
    await erp.fault({ kind: 'session-expiry', operation: 'POST /ap/entry/header', times: 1 });
    await erp.fault({ kind: 'did-it-but-timeout', operation: 'POST /ap/entry/post', times: 1 });
    const call = createCall();
    const failure = await failureOf(enter.run(anInvoice(), call));
    expect(failure).toMatchObject({ type: 'Unavailable' });
    const kept = allOf(call);
    expect(call.messages).toContainEqual(expect.stringContaining('signing in again'));
    expect(kept).toContain('Enter vendor invoice: review');
    for (const form of formsOf(credentials.password)) expect(kept + JSON.stringify(failure)).not.toContain(form);
  });

  it('is not in the evidence when the ERP itself echoes it', async () => {
    const site = await startSite((body) => `<h1>Sign in</h1><form method="post"><label>User <input name="user"></label><label>Password <input type="password" name="password"></label>
<button>Sign in</button></form><p>${decodeURIComponent(body)}</p>`);
    process.env.LEGACY_ERP_URL = site.url;
    process.env.LEGACY_ERP_PASSWORD = 'echo-me-not';
    const call = createCall();
    const failure = await failureOf(enter.run(anInvoice(), call)).finally(site.close);
    expect(failure).toMatchObject({ type: 'Unexpected' });
    expect(call.files.size).toBe(0);
    expect(allOf(call) + JSON.stringify(failure)).not.toContain('echo-me-not');
  });
});

describe('a person is called', () => {
  it('when the pages of the ERP have changed, with a picture of what came instead', async () => {
    const site = await startSite(() => '<h1>Sign in</h1><p>Welcome to our new portal!</p>');
    process.env.LEGACY_ERP_URL = site.url;
    const call = createCall();
    const failure = await failureOf(enter.run(anInvoice(), call)).finally(site.close);
    expect(failure).toMatchObject({ type: 'Unexpected', message: expect.stringContaining("getByLabel('User'") });
    expect(Buffer.from(call.files.get('enterInLegacyErp-1-failure-page.yaml') ?? []).toString()).toContain('Welcome to our new portal!');
  });

  it('when the ERP leads to another site, where the robot types nothing', async () => {
    const elsewhere = await startSite(() => '<h1>Sign in</h1><label>User <input></label><label>Password <input type="password"></label>');
    const site = await startSite(() => '', { location: elsewhere.url });
    process.env.LEGACY_ERP_URL = site.url;
    const failure = await failureOf(enter.run(anInvoice(), createCall())).finally(() => Promise.all([site.close(), elsewhere.close()]));
    expect(failure).toMatchObject({ type: 'Unexpected', message: expect.stringContaining('is not LEGACY_ERP_URL') });
  });

  it.each(['LEGACY_ERP_URL', 'LEGACY_ERP_USER', 'LEGACY_ERP_PASSWORD'])('when %s is not set', async (name) => {
    delete process.env[name];
    expect(await failureOf(enter.run(anInvoice(), createCall()))).toMatchObject({ type: 'Unexpected', message: expect.stringContaining(`${name} is not set`) });
  });

  it('when no browser can be had, and is told the remedies', async () => {
    await closeBrowsers();
    process.env.THROUGHLINE_BROWSER = '/nowhere/chromium';
    expect(await failureOf(enter.run(anInvoice(), createCall()))).toMatchObject({ type: 'Unexpected', message: expect.stringContaining('"/nowhere/chromium", which is no program') });
    process.env.THROUGHLINE_BROWSER = '/bin/sh';
    const { type, message } = await failureOf(enter.run(anInvoice(), createCall()));
    expect({ type, message }).toMatchObject({ type: 'Unexpected', message: expect.stringMatching(/none of these starts:\n\/bin\/sh.*\n.*apt-get install chromium.*THROUGHLINE_BROWSER/s) });
  });
});

describe('the robot works on', () => {
  it('after its browser crashed in the middle', async () => {
    const invoice = anInvoice();
    const first = createCall({ onHeartbeat: (page, { attempt }) => attempt === 1 && page === 'Enter vendor invoice: review' && browsersOf(process.pid).forEach((pid) => process.kill(pid, 'SIGKILL')) });
    expect(await failureOf(enter.run(invoice, first))).toMatchObject({ type: 'Unavailable', message: expect.stringContaining('the browser ended') });
    const { documentNumber } = await enter.run(invoice, first.next());
    expect((await erp.books()).entries.filter((entry) => entry.invoiceNumber === invoice.invoiceNumber)).toMatchObject([{ documentNumber }]);
  });

  it('after the ERP was down', async () => {
    const invoice = anInvoice();
    const first = createCall();
    process.env.LEGACY_ERP_URL = 'http://127.0.0.1:9';
    expect(await failureOf(enter.run(invoice, first))).toMatchObject({ type: 'Unavailable' });
    process.env.LEGACY_ERP_URL = erp.url;
    await enter.run(invoice, first.next());
  });
});

/** A web site that is not the ERP. */
async function startSite(page: (body: string) => string, headers: Record<string, string> = {}): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk))).on('end', () => {
      response.writeHead(headers.location === undefined ? 200 : 302, { 'content-type': 'text/html', ...headers }).end(page(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { credentials, startErp } from './erp.ts';
import type { RunningErp } from './erp.ts';

let erp: RunningErp;
beforeAll(async () => {
  erp = await startErp();
});
afterAll(() => erp.stop());

/** A clerk with a session, who sends forms without a browser. */
async function signIn({ url } = erp) {
  const send = (path: string, { body, cookie = '' }: { body?: Record<string, string>; cookie?: string } = {}) =>
    fetch(`${url}${path}`, { redirect: 'manual', headers: { cookie }, ...(body ? { method: 'POST', body: new URLSearchParams(body) } : {}) });
  const signedIn = await send('/login', { body: { ...credentials } });
  const cookie = signedIn.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const menu = await (await send('/menu', { cookie })).text();
  const formToken = /name="formToken" value="([^"]+)"/.exec(menu)?.[1] ?? '';
  return {
    get: (path: string) => send(path, { cookie }),
    post: (path: string, body: Record<string, string>) => send(path, { cookie, body: { formToken, ...body } }),
  };
}

const typed = (changes: Record<string, string> = {}) => ({
  vendorId: 'V-1',
  vendorName: '<script>alert("x")</script> & \'Co\'',
  invoiceNumber: 'R-1',
  invoiceDate: '28.02.2026',
  orderNumber: 'PO-1',
  costCentre: 'CC-1',
  reference: 'ref',
  currency: 'EUR',
  net: '1,000.00',
  tax: '190',
  total: '1190.00',
  ...changes,
});

describe('the legacy ERP', () => {
  it('enters twice what is sent twice, and keeps it over a crash', async () => {
    const clerk = await signIn();
    const answers = await Promise.all([clerk.post('/ap/entry/post', typed()), clerk.post('/ap/entry/post', typed())]);
    expect(answers.map(({ status }) => status)).toEqual([302, 302]);
    const before = await erp.books();
    expect(before.entries).toMatchObject([{ total: { minorUnits: 119_000, currency: 'EUR' } }, { documentNumber: '5100000002' }]);
    await erp.crashAndRestart();
    expect(await erp.books()).toEqual(before);
    expect((await clerk.get('/menu')).headers.get('location')).toBe('/login?ended');
  });

  it('shows what was typed as text, never as markup', async () => {
    const clerk = await signIn();
    const { headers } = await clerk.post('/ap/entry/post', typed());
    const page = await (await clerk.get(headers.get('location') ?? '')).text();
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;Co&#39;');
    expect(page).not.toContain('<script>alert');
  });

  it.each([
    ['a closed period', { invoiceDate: '31.12.2023' }, 'Posting period 12/2023 is closed.'],
    ['a day that does not exist', { invoiceDate: '31.02.2026' }, 'Document date 31.02.2026 is not a date'],
    ['amounts that do not add up', { tax: '191' }, 'Document does not balance'],
    ['too many decimals', { net: '1000.001' }, 'Net amount 1000.001 is not an amount in EUR.'],
    ['a currency it does not know', { currency: 'XTS' }, 'Currency XTS is not set up'],
    ['a missing field', { costCentre: '' }, 'Cost centre is missing.'],
    ['a text too long', { reference: 'x'.repeat(121) }, 'Reference is longer than 120 characters.'],
  ])('refuses %s', async (_what, changes, words) => {
    const before = (await erp.books()).entries.length;
    const answer = await (await signIn()).post('/ap/entry/post', typed(changes));
    expect(await answer.text()).toContain(words);
    expect((await erp.books()).entries).toHaveLength(before);
  });

  it('refuses a blocked vendor until the block is lifted', async () => {
    const clerk = await signIn();
    const block = { kind: 'vendor', value: 'V-9', reason: 'in dispute' };
    await clerk.post('/ap/blocks', block);
    expect(await (await clerk.post('/ap/entry/post', typed({ vendorId: 'v-9' }))).text()).toContain('Vendor v-9 is blocked for posting: in dispute');
    await clerk.post('/ap/blocks/lift', block);
    expect((await clerk.post('/ap/entry/post', typed({ vendorId: 'v-9' }))).status).toBe(302);
  });

  it('cancels a document once, and only with a reason', async () => {
    const clerk = await signIn();
    const path = (await clerk.post('/ap/entry/post', typed())).headers.get('location')?.replace('?posted', '/cancel') ?? '';
    expect(await (await clerk.post(path, { reason: ' ' })).text()).toContain('Reason is missing.');
    expect((await clerk.post(path, { reason: 'wrong vendor' })).status).toBe(302);
    expect(await (await clerk.post(path, { reason: 'once more' })).text()).toContain('is already cancelled');
  });

  it('takes no form without a session or from another session', async () => {
    const [clerk, other] = [await signIn(), await signIn()];
    expect((await clerk.post('/ap/entry/post', typed({ formToken: 'of another' }))).status).toBe(403);
    await erp.fault({ kind: 'session-expiry', times: 1 });
    expect((await other.post('/ap/entry/post', typed())).headers.get('location')).toBe('/login?ended');
    expect((await clerk.get('/menu')).headers.get('location')).toBe('/login?ended');
  });

  it('ends a session that is not used', async () => {
    const hasty = await startErp({ SESSION_SECONDS: '0.2' });
    try {
      const clerk = await signIn(hasty);
      // What is tested is the passing of time itself.
      await delay(250);
      expect((await clerk.get('/menu')).headers.get('location')).toBe('/login?ended');
    } finally {
      await hasty.stop();
    }
  });

  it('says what it misses when it cannot start', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'sandbox/legacy-erp/main.ts'], { env: { PATH: process.env.PATH }, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/cannot start.*LEGACY_ERP_PASSWORD/s);
  });
});

import { request } from 'node:http';
import { connect } from 'node:net';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemBody, type RunningApi, startApiProcess, type User } from './running-api.ts';
import { pdfOf } from './sample-documents.ts';

/** What the API refuses, and documents: none of it needs Temporal. */
let api: RunningApi;
let operator: User;
beforeAll(async () => {
  api = await startApiProcess({ temporal: { address: '127.0.0.1:1' } });
  operator = await api.user();
});
afterAll(() => api.stop());

const pdf = { 'content-type': 'application/pdf' };
const start = '/api/processes/supplierInvoice/instances';

describe('a request that cannot be taken', () => {
  it.each([
    ['broken JSON', { raw: '{"input": {\n  "a": 1,\n}}', headers: { 'content-type': 'application/json' } }, 400, /line 3, column 1/],
    ['JSON that ends too early', { raw: '{"input":', headers: { 'content-type': 'application/json' } }, 400, /not JSON/],
    ['a key that pollutes', { raw: '{"__proto__": {"restart": true}}', headers: { 'content-type': 'application/json' } }, 400, /__proto__/],
    ['another content type', { raw: 'input=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, /application\/json/],
    ['a document where JSON belongs', { raw: '%PDF-1.7', headers: pdf }, 415, /application\/json/],
    ['no body', { method: 'POST' }, 422, /body/],
    ['a body that is no object', { json: [1] }, 422, /body/],
    ['an unknown field', { json: { input: {}, busnessKey: '1' } }, 422, /busnessKey/],
    ['input that fails its schema', { json: { input: { document: { sha256: 'x', mediaType: 'application/pdf', size: 1 } } } }, 422, /input\.document\.sha256/],
    ['input with too much in it', { json: { input: { document: { sha256: 'a'.repeat(64), mediaType: 'application/pdf', size: 1 }, actor: 'me' } } }, 422, /input\.actor/],
    ['a business key with a control character', { json: { input: {}, businessKey: 'a\u0007b' } }, 422, /businessKey/],
    ['a business key with half a character', { json: { input: {}, businessKey: 'a\ud83d' } }, 422, /businessKey/],
    ['a business key that is too long', { json: { input: {}, businessKey: 'k'.repeat(201) } }, 422, /businessKey/],
    ['an empty business key', { json: { input: {}, businessKey: '' } }, 422, /businessKey/],
  ])('%s: a problem that names the place', async (_, sent, status, words) => {
    const answer = await operator<ProblemBody>(start, sent);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status, type: expect.stringMatching(/^urn:throughline:problem:/), title: expect.any(String) });
    expect(`${answer.body.detail} ${answer.body.errors?.map(({ path }) => path).join(' ')}`).toMatch(words);
  });

  it('names each wrong field of the input by its path', async () => {
    const { body } = await operator<ProblemBody>(start, { json: { input: { document: { sha256: 'x', mediaType: '', size: 0 } } } });
    expect(body.errors?.map(({ path }) => path).sort()).toEqual(['input.document.mediaType', 'input.document.sha256', 'input.document.size']);
  });

  it('an unknown process: 404 that names those there are', async () => {
    const { status, body } = await operator<ProblemBody>('/api/processes/supplierInvoce/instances', { json: { input: {} } });
    expect(status).toBe(404);
    expect(body.detail).toContain('supplierInvoice');
  });

  it('a document that is not in the store: 422 that names the field', async () => {
    const { status, body } = await operator<ProblemBody>(start, { json: { input: { document: { sha256: 'a'.repeat(64), mediaType: 'application/pdf', size: 1 } } } });
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ path: 'input.document.sha256', message: expect.stringContaining('POST /api/documents') }]);
  });

  it('JSON that is too large: 413 with its size, whether it is told before or found out', async () => {
    const text = JSON.stringify({ input: { text: 'x'.repeat(1_100_000) } });
    const told = await operator<ProblemBody>(start, { raw: text, headers: { 'content-type': 'application/json' } });
    expect(told.status).toBe(413);
    expect(told.body.detail).toMatch(new RegExp(`JSON body has ${text.length} bytes; at most 1020000`));
    const found = await chunked({ path: start, chunks: [text] });
    expect(found.status).toBe(413);
    expect(found.body.detail).toMatch(/JSON body has more than 1020000 bytes/);
    const input = await operator<ProblemBody>(start, { json: { input: { text: 'x'.repeat(1_005_000) } } });
    expect(input.status).toBe(413);
    expect(input.body.detail).toMatch(/input of process "supplierInvoice" has 10050\d\d bytes/);
  });

  it.each(['/api/instances/%zz', '/api/instances/a%', `/api/instances/${'x'.repeat(9_000)}`])('the address %.40s cannot be read: 400', async (path) => {
    const { status, body, headers } = await operator<ProblemBody>(path);
    expect(status).toBe(400);
    expect(body.type).toBe('urn:throughline:problem:malformed-request');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['GET', '/api/nothing'],
    ['GET', '/'],
    ['OPTIONS', '/api/nothing'],
    ['DELETE', '/api/instances/'],
    ['GET', '/api/instances/supplierInvoice/1'],
  ])('%s %s: no such route, 404', async (method, path) => {
    const { status, body } = await operator<ProblemBody>(path, { method });
    expect(status).toBe(404);
    expect(body.detail).toContain('/api/openapi.json');
    expect((await api.stranger(path, { method })).status).toBe(401);
  });

  it.each([
    ['DELETE', '/api/me', 'GET, HEAD, OPTIONS'],
    ['PUT', '/api/instances/supplierInvoice%2F1', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/instances/supplierInvoice%2F1/cancel', 'OPTIONS, POST'],
    ['HEAD', '/api/instances/supplierInvoice%2F1/cancel', 'OPTIONS, POST'],
    ['PATCH', '/api/documents?why=not', 'OPTIONS, POST'],
    ['PROPFIND', '/api/me', 'GET, HEAD, OPTIONS'],
  ])('%s %s: no such method, 405 that names those there are', async (method, path, allow) => {
    const { status, headers, body } = await operator<ProblemBody>(path, { method });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
    if (method !== 'HEAD') expect(body).toMatchObject({ type: 'urn:throughline:problem:method-not-allowed', status: 405, detail: expect.stringContaining(allow) });
    expect((await api.stranger(path, { method })).status).toBe(401);
  });

  it('OPTIONS tells the methods of an address, to those with a token', async () => {
    const { status, headers, body } = await operator('/api/instances', { method: 'OPTIONS' });
    expect({ status, allow: headers.get('allow'), body }).toEqual({ status: 204, allow: 'GET, HEAD, OPTIONS', body: '' });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect((await api.stranger('/api/instances', { method: 'OPTIONS' })).status).toBe(401);
  });

  it.each(['', 'limit=0', 'limit=201', 'limit=ten', 'status=done', 'process=nothing', "waitingFor=a'b", 'page=2', 'limit=1&limit=2', 'cursor=abc'].slice(1))('the filter %s: 400 that names it', async (query) => {
    const { status, body } = await operator<ProblemBody>(`/api/instances?${query}`);
    expect(status).toBe(400);
    expect(body.errors?.[0]?.path).toBe(query.split('=')[0]);
  });

  it.each([
    ['a head that is too large', `GET /api/me?${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, 431, /16 kB/],
    ['what is no HTTP', 'Dear Sir or Madam\r\n\r\n', 400, /not HTTP/],
    ['two lengths', 'POST /api/documents HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400, /not HTTP/],
  ])('%s: a problem too, and the connection ends', async (_, sent, status, words) => {
    const answer = await overTcp(sent);
    expect(answer.split(' ')[1]).toBe(String(status));
    expect(answer).toMatch(/\r\ncontent-type: application\/problem\+json\r\n/);
    expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status, detail: expect.stringMatching(words) });
  });

  it('without a token even a large body is refused unread', async () => {
    const { status } = await chunked({ path: '/api/documents', chunks: ['%PDF-1.7'], headers: pdf, end: false });
    expect(status).toBe(401);
  });
});

describe('every answer', () => {
  it('keeps browsers from guessing, framing, caching and running anything', async () => {
    for (const path of ['/api/me', '/api/nothing', '/api/health/live', '/api/docs']) {
      const { headers } = await operator(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await operator('/api/me', { method: 'HEAD' })).status).toBe(200);
  });
});

describe('documents', () => {
  it('are taken by content, kept once, and given back as they were', async () => {
    const bytes = await pdfOf('Invoice 1');
    const first = await operator<{ sha256: string; mediaType: string; size: number }>('/api/documents', { raw: bytes, headers: pdf });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ mediaType: 'application/pdf', size: bytes.length });
    expect(first.headers.get('location')).toBe(`/api/documents/${first.body.sha256}`);
    const again = await operator('/api/documents', { raw: bytes, headers: { 'content-type': 'application/octet-stream' } });
    expect(again.body).toEqual(first.body);

    const token = (await api.tokens.create({ user: 'vera', roles: ['viewer'], groups: [] })).token;
    const fetched = await fetch(`${api.url}/api/documents/${first.body.sha256}`, { headers: { authorization: `Bearer ${token}` } });
    expect(Buffer.compare(Buffer.from(await fetched.arrayBuffer()), bytes)).toBe(0);
    expect(fetched.headers.get('content-type')).toBe('application/pdf');
    expect(fetched.headers.get('content-disposition')).toMatch(/^inline; filename="[0-9a-f]{16}\.pdf"$/);
    expect(fetched.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['an empty file', () => new Uint8Array(0), 'application/pdf', 422, /empty/],
    ['a text that claims to be a PDF', () => Buffer.from('Dear Sir or Madam'), 'application/pdf', 422, /neither a PDF/],
    ['a PDF that is cut off', async () => (await pdfOf('cut')).slice(0, 600), 'application/pdf', 422, /incomplete or damaged/],
    ['a PDF of 500 pages', () => pdfOf('long', { pages: 500 }), 'application/pdf', 422, /500 pages/],
    ['a PDF that is sent as a PNG', () => pdfOf('wrong'), 'image/png', 422, /application\/pdf by its content/],
    ['a PNG that unpacks to more than anyone wants', () => pngHeaderOf({ width: 60_000, height: 60_000 }), 'image/png', 422, /PNG/],
    ['a web page', () => Buffer.from('<html>'), 'text/html', 415, /application\/pdf/],
    ['21 MB', () => new Uint8Array(21_000_000).fill(37), 'application/pdf', 413, /document has 21000000 bytes; at most 20000000/],
  ])('%s is refused', async (_, make, type, status, words) => {
    const answer = await operator<ProblemBody>('/api/documents', { method: 'POST', raw: await make(), headers: { 'content-type': type } });
    expect({ status: answer.status, detail: answer.body.detail }).toEqual({ status, detail: expect.stringMatching(words) });
  });

  it('that grow over the limit while they come are refused', async () => {
    const { status } = await chunked({ path: '/api/documents', chunks: Array.from({ length: 21 }, () => '0'.repeat(1_000_000)), headers: pdf });
    expect(status).toBe(413);
  });

  it.each([`/api/documents/${'a'.repeat(64)}`, '/api/documents/abc', '/api/documents/..%2Fapi%2Ftokens.json'])('%s: not there', async (path) => {
    const { status } = await operator(path);
    expect([400, 404]).toContain(status);
  });
});

/** Sends without telling the length; with `end: false` the body is never finished. */
async function chunked({ path, chunks, headers = { 'content-type': 'application/json' }, end = true }: { path: string; chunks: string[]; headers?: Record<string, string>; end?: boolean }) {
  const { token } = await api.tokens.create({ user: 'olga', roles: ['operator'], groups: [] });
  const authorization = end ? { authorization: `Bearer ${token}` } : {};
  return new Promise<{ status: number; body: ProblemBody }>((resolve, reject) => {
    const sent = request(`${api.url}${path}`, { method: 'POST', headers: { ...headers, ...authorization } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        sent.destroy();
        resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as ProblemBody });
      });
    });
    // The API closes a connection on which too much came; its answer was read before.
    sent.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error)));
    for (const chunk of chunks) sent.write(chunk);
    if (end) sent.end();
  });
}

/** Sends these bytes, and gives all that comes back until the API ends the connection. */
function overTcp(sent: string): Promise<string> {
  const { port, hostname } = new URL(api.url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(sent));
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.once('end', () => resolve(text)).once('error', reject);
  });
}

/** A PNG that says it is this large; its picture is not even there. */
function pngHeaderOf({ width, height }: { width: number; height: number }): Uint8Array {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunkOf('IHDR', size), chunkOf('IDAT', deflateSync(Buffer.alloc(100))), chunkOf('IEND', Buffer.alloc(0))]);
}

function chunkOf(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)]);
}

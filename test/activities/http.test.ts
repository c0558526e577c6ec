import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { askHttp, type HttpRequest } from '../../activities/http.ts';
import { callWith } from '../stage/call.ts';

const Answer = z.object({ id: z.string() });

describe('an activity that asks over HTTP', () => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const server = createServer((request, response) => answer(request, response));
  const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    answer = (_request, response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
  const ask = (request: Partial<HttpRequest<typeof Answer>> = {}, signal?: AbortSignal, call = callWith({ key: 'key/1', signal })) =>
    askHttp(call, { system: 'ODD_URL', method: 'POST', path: ['things'], body: {}, answer: Answer, ...request });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env.ODD_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`;
  });
  afterAll(() => {
    delete process.env.ODD_URL;
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  it('sends its key and an encoded path below the base address', async () => {
    let seen: unknown;
    answer = ({ method, url, headers }, response) => {
      seen = { method, url, key: headers['idempotency-key'] };
      response.end('{"id":"x"}');
    };
    expect(await ask({ method: 'GET', path: ['things', 'a/b ?#ü'], query: { of: 'a&b' }, body: undefined })).toEqual({ id: 'x' });
    expect(seen).toEqual({ method: 'GET', url: '/base/things/a%2Fb%20%3F%23%C3%BC?of=a%26b', key: 'key/1' });
  });

  it.each(['..', '.', ''])('does not climb out of its path with "%s"', async (part) => {
    await expect(ask({ path: ['things', part] })).rejects.toMatchObject({ type: 'Unexpected' });
  });

  it.each([500, 502, 503, 504, 429, 408])('may try again after a %i', async (status) => {
    json(status, { title: 'Not now', detail: 'come back' });
    await expect(ask()).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false, message: expect.stringContaining(`${status}: Not now: come back`) });
  });

  it('heeds Retry-After, in seconds or as a date, within bounds', async () => {
    json(503, {}, { 'retry-after': '7' });
    await expect(ask()).rejects.toMatchObject({ nextRetryDelay: 7_000 });
    json(429, {}, { 'retry-after': new Date(Date.now() + 20_000).toUTCString() });
    const { nextRetryDelay } = (await ask().catch((error: unknown) => error)) as { nextRetryDelay: number };
    expect(nextRetryDelay).toBeGreaterThan(15_000);
    expect(nextRetryDelay).toBeLessThanOrEqual(20_000);
    json(503, {}, { 'retry-after': '86400' });
    await expect(ask()).rejects.toMatchObject({ nextRetryDelay: 300_000 });
  });

  it("passes the system's words on when the business says no", async () => {
    json(409, { code: 'sold-out', title: 'Sold out', detail: 'the last one went at noon' });
    await expect(ask({ refusals: ['sold-out'] })).rejects.toMatchObject({ type: 'Rejected', nonRetryable: true, message: 'the last one went at noon' });
    await expect(ask({ refusals: ['closed'] })).rejects.toMatchObject({ type: 'Unexpected', details: [{ facts: { status: 409, code: 'sold-out' } }] });
  });

  it.each([400, 401, 403, 404, 418])('calls an operator after a %i', async (status) => {
    json(status, { title: 'No' });
    await expect(ask({ refusals: ['sold-out'] })).rejects.toMatchObject({ type: 'Unexpected', nonRetryable: true });
  });

  it('does not follow a redirect', async () => {
    json(307, {}, { location: 'http://127.0.0.1:9/elsewhere' });
    await expect(ask()).rejects.toMatchObject({ type: 'Unexpected', message: expect.stringContaining('redirects to http://127.0.0.1:9/elsewhere') });
  });

  it('does not take an answer that was not agreed', async () => {
    json(200, { id: 7 });
    await expect(ask()).rejects.toMatchObject({ type: 'Unexpected', details: [{ issues: [{ path: 'id' }] }] });
    answer = (_request, response) => response.end('<html>');
    await expect(ask()).rejects.toMatchObject({ type: 'Unexpected', message: expect.stringContaining('no JSON: <html>') });
  });

  it.each([
    { what: 'may pass', status: 503, body: '{"title":"Not now"}' },
    { what: 'nobody foresaw', status: 418, body: 'I am a teapot' },
    { what: 'was not agreed', status: 200, body: '{"id":7}' },
  ])('keeps as evidence an answer that $what', async ({ status, body }) => {
    answer = (_request, response) => response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
    const call = callWith({ key: 'key/1' });
    await expect(ask({}, undefined, call)).rejects.toMatchObject({ details: [{ facts: { status }, evidence: [{ name: 'response.json', document: { mediaType: 'application/json' } }] }] });
    const kept = JSON.parse(Buffer.from(call.kept.get('response.json') ?? []).toString('utf8')) as object;
    expect(kept).toEqual({ asked: expect.stringContaining('POST /base/things of ODD_URL'), status, contentType: 'text/plain', body });
  });

  it('needs no evidence of a refusal, nor a store to tell a failure', async () => {
    json(409, { code: 'sold-out' });
    const call = callWith({ key: 'key/1' });
    await expect(ask({ refusals: ['sold-out'] }, undefined, call)).rejects.toMatchObject({ type: 'Rejected' });
    expect(call.kept.size).toBe(0);
    json(418, {});
    const storeless = { ...call, heartbeats: 0, evidence: () => Promise.reject(new Error('the disk is full')) };
    await expect(ask({}, undefined, storeless)).rejects.toMatchObject({ type: 'Unexpected', details: [{ facts: { status: 418 }, evidence: [] }] });
  });

  it('does not swallow an endless answer', async () => {
    answer = (_request, response) => {
      const pour = () => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', pour);
      pour();
    };
    await expect(ask()).rejects.toMatchObject({ type: 'Unexpected', message: expect.stringContaining('more than 1000000 bytes') });
  });

  it('gives up on a system that is silent, or stops in the middle', async () => {
    answer = () => undefined;
    await expect(ask({ timeout: 200 })).rejects.toMatchObject({ type: 'Unavailable', message: expect.stringContaining('within 0.2 s') });
    answer = (_request, response) => void response.write('{"id":');
    await expect(ask({ timeout: 200 })).rejects.toMatchObject({ type: 'Unavailable' });
    answer = (_request, response) => void response.write('{"id":', () => response.destroy());
    await expect(ask()).rejects.toMatchObject({ type: 'Unavailable' });
  });

  it('heartbeats while it waits', async () => {
    answer = () => undefined;
    const call = callWith({ key: 'key/1' });
    await askHttp(call, { system: 'ODD_URL', method: 'GET', path: ['things'], answer: Answer, timeout: 2_300 }).catch(() => undefined);
    expect(call.heartbeats).toBeGreaterThanOrEqual(2);
  });

  it('ends at once when it is cancelled, with the reason it was given', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled by the test');
    answer = () => controller.abort(reason);
    await expect(ask({}, controller.signal)).rejects.toBe(reason);
    await expect(ask({}, controller.signal)).rejects.toBe(reason);
  });

  it('says which address is missing, wrong or not there', async () => {
    await expect(ask({ system: 'NO_SUCH_URL' })).rejects.toMatchObject({ type: 'Unexpected', message: expect.stringContaining('NO_SUCH_URL is not set') });
    process.env.NO_SUCH_URL = 'ftp://files.example';
    await expect(ask({ system: 'NO_SUCH_URL' })).rejects.toMatchObject({ type: 'Unexpected', message: expect.stringContaining('no http or https address') });
    process.env.NO_SUCH_URL = 'http://127.0.0.1:1';
    await expect(ask({ system: 'NO_SUCH_URL' })).rejects.toMatchObject({ type: 'Unavailable', message: expect.stringContaining('cannot be reached') });
    delete process.env.NO_SUCH_URL;
  });
});

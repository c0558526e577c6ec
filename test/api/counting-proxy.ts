import { connect, constants, createServer, type Http2Session, type IncomingHttpHeaders, type IncomingHttpStatusHeader, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface CountingProxy {
  readonly address: string;
  /** Calls that passed since the start or the last reset, by the method's name. */
  calls(): Readonly<Record<string, number>>;
  /** Calls of a method that are under way. */
  underWay(method: string): number;
  /** The most calls of a method that were under way at once since the start or the last reset. */
  mostAtOnce(method: string): number;
  reset(): void;
  close(): Promise<void>;
}

/** Stands between the API and Temporal, and counts each gRPC call that really goes over. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  let counts: Record<string, number> = {};
  let most: Record<string, number> = {};
  const open = new Map<ServerHttp2Stream, string>();
  const underWay = (method: string): number => [...open.values()].filter((one) => one === method).length;
  const upstream = connect(`http://${target}`);
  const sessions = new Set<Http2Session>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    const method = String(headers[constants.HTTP2_HEADER_PATH]).split('/').at(-1) ?? '';
    counts[method] = (counts[method] ?? 0) + 1;
    open.set(stream, method);
    most[method] = Math.max(most[method] ?? 0, underWay(method));
    forward({ stream, headers });
    stream.once('close', () => open.delete(stream));
  });

  function forward({ stream, headers }: { stream: ServerHttp2Stream; headers: IncomingHttpHeaders }): void {
    const call = upstream.request(headers);
    let trailers: IncomingHttpHeaders = {};
    const both = (from: string): void => {
      if (from !== 'stream') stream.close(constants.NGHTTP2_CANCEL);
      if (from !== 'call') call.close(constants.NGHTTP2_CANCEL);
    };
    call.once('response', (answer: IncomingHttpHeaders & IncomingHttpStatusHeader, flags: number) => {
      const isAll = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(answer, isAll ? { endStream: true } : { waitForTrailers: true });
    });
    call.on('trailers', (told: IncomingHttpHeaders) => (trailers = told));
    stream.once('wantTrailers', () => stream.sendTrailers(trailers));
    call.once('error', () => both('call'));
    stream.once('error', () => both('stream'));
    stream.once('aborted', () => both('stream'));
    stream.pipe(call);
    call.pipe(stream);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => counts,
    underWay,
    mostAtOnce: (method) => most[method] ?? 0,
    reset() {
      [counts, most] = [{}, {}];
    },
    async close() {
      sessions.forEach((session) => session.destroy());
      upstream.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

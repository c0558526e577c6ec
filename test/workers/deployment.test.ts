import { once } from 'node:events';
import { createServer, type Http2Server, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploymentIn } from '../../workers/builds/deployment.ts';
import { quietRuntime } from '../../workers/runtime.ts';

/** gRPC by hand, since no real server gives such answers at will: each question about the deployment gets the next of these. */
let answers: { code: number; message: string }[] = [];
let server: Http2Server;
let connection: NativeConnection;

beforeAll(async () => {
  quietRuntime('ERROR');
  server = createServer().on('stream', (stream, headers: IncomingHttpHeaders) => {
    const { code, message } = (String(headers[':path']).endsWith('/DescribeWorkerDeployment') && answers.shift()) || { code: 0, message: '' };
    const type = { ':status': 200, 'content-type': 'application/grpc' };
    if (code !== 0) return stream.respond({ ...type, 'grpc-status': code, 'grpc-message': message }, { endStream: true });
    stream.respond(type, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': 0 }));
    // Every message of Temporal's may be empty: one that says "nothing".
    return stream.end(Buffer.alloc(5));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  connection = await NativeConnection.connect({ address: `127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterAll(async () => {
  await connection.close();
  server.close();
});

describe('a worker that starts', () => {
  // Seen from server 1.32 while it starts: before its own worker polls, and from the SDK when no answer comes within 30 s.
  it.each([
    { code: 1, message: 'Timeout expired' },
    { code: 4, message: 'context deadline exceeded' },
    { code: 9, message: 'no poller seen for task queue recently, worker may be down' },
    { code: 14, message: 'Namespace handler is not ready' },
  ])('asks again where Temporal says "$message"', async (refusal) => {
    answers = [refusal, refusal];
    expect(await deploymentIn({ connection, namespace: 'default' }).currentBuild()).toBeUndefined();
    expect(answers).toEqual([]);
  });

  it('does not ask again what it may not know', async () => {
    answers = [{ code: 7, message: 'Request unauthorized.' }];
    await expect(deploymentIn({ connection, namespace: 'default' }).currentBuild()).rejects.toThrow('Request unauthorized.');
  });
});

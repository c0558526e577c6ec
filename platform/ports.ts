import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ranges that Linux (32768 and up) and macOS (49152 and up) take outgoing connections from: a port found free here
// cannot be taken by somebody's client before its server binds it, as one handed out by the kernel can.
const lowest = 20_000;
const highest = 32_000;
const handedOut = new Set<number>();

/** A TCP port on 127.0.0.1 that is free now, and that this process gets only once. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const port = randomInt(lowest, highest);
    if (handedOut.has(port) || (await portInUse(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`no free port found between ${lowest} and ${highest} on 127.0.0.1; end programs that listen there`);
}

/**
 * Whether something listens on this port of 127.0.0.1.
 *
 * @throws Error when it cannot be listened on for another reason, such as a port below 1024 without the right to it
 */
export async function portInUse(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(true);
      else reject(new Error(`port ${port} of 127.0.0.1 cannot be used: ${error.message}. Choose another port.`, { cause: error }));
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(false)));
  });
}

export interface PortWish {
  port: number;
  /** What is to listen there: "the Temporal Web UI". */
  what: string;
  /** The environment variable or option that changes the port. */
  setting: string;
}

/** @throws Error that names the port, what wants it and how to change it, when something else listens there */
export async function requireFreePort({ port, what, setting }: PortWish): Promise<void> {
  if (await portInUse(port)) {
    throw new Error(`port ${port} is in use, but ${what} is to listen there. End the program that has it, or choose another port with ${setting}.`);
  }
}

import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort, portInUse, requireFreePort } from '../../platform/ports.ts';

describe('a port', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  async function occupied(): Promise<number> {
    const listening = createServer();
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return (listening.address() as AddressInfo).port;
  }

  it('that is free is not handed out twice', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(new Set(ports).size).toBe(50);
    await expect(portInUse(ports[0] ?? 0)).resolves.toBe(false);
  });

  it('in use is named, with what wants it and how to choose another', async () => {
    const port = await occupied();
    await expect(portInUse(port)).resolves.toBe(true);
    await expect(requireFreePort({ port, what: 'the API', setting: 'THROUGHLINE_PORT' })).rejects.toThrow(
      `port ${port} is in use, but the API is to listen there. End the program that has it, or choose another port with THROUGHLINE_PORT.`,
    );
  });
});

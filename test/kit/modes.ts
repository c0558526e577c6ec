import { afterAll, beforeAll, describe } from '@jest/globals';
import { type Kit, startKit } from './running-kit.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';

const modes = [
  { mode: 'with the workflow cache', cache: undefined },
  { mode: 'replayed at every task', cache: 0 },
];

/** Runs the tests of a theme on one server, first with the cache of workflows, then without: what is not deterministic shows there. */
export function inBothModes(theme: string, tests: (kit: () => Kit) => void, options: ServerOptions = {}): void {
  describe(theme, () => {
    let server: Server;
    beforeAll(async () => {
      server = await startServer(options);
    });
    afterAll(() => server.stop());

    describe.each(modes)('$mode', ({ cache }) => {
      let kit: Kit;
      beforeAll(async () => {
        kit = await startKit({ server, cache });
      });
      afterAll(() => kit.stop());
      tests(() => kit);
    });
  });
}

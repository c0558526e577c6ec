import { readBooks } from '../../demo/invoices/books.ts';
import { command } from '../../sandbox/command.ts';
import { startRunningPlatform as startStage } from '../stage/platform.ts';

export { refusal, stepOf } from '../stage/platform.ts';

export type RunningPlatform = Awaited<ReturnType<typeof startRunningPlatform>>;

/** The platform with the sandbox's systems, for instances of `supplierInvoice`. */
export async function startRunningPlatform({ workerProgram }: { workerProgram?: string } = {}) {
  const running = await startStage({ sandbox: true, workerProgram });
  const { sandbox } = running.platform;
  if (!sandbox) throw new Error('the tests need the sandbox');
  return {
    ...running,
    sandbox,
    /** Hands a document in and starts its instance; answers with the instance's id. */
    async handIn(bytes: Uint8Array): Promise<string> {
      return running.start('supplierInvoice', { document: await running.as('petra').upload<object>('/documents', bytes) });
    },
    books: async (id: string) => (await readBooks(sandbox))(id),
    /** What is typed after `npm run sandbox --`; what is in quotes is one word. */
    fault: (words: string) => command({ args: words.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? [], dataDir: running.dataDir }),
  };
}

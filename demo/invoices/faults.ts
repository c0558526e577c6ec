import { command } from '../../sandbox/command.ts';

/** Two things go wrong in every demo: the ledger fails twice, and payments does what it is told but says that it timed out. */
const faults = [
  ['fault', 'ledger', 'error-500', '--times', '2'],
  ['fault', 'payments', 'did-it-but-timeout', '--times', '2'],
] as const;

/** Of the sandbox that runs on `dataDir`. */
export async function switchFaultsOn({ dataDir, tell }: { dataDir: string; tell: (line: string) => void }): Promise<void> {
  for (const args of faults) tell((await command({ args, dataDir })).trim());
}

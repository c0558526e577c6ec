import Table from 'cli-table3';
import { faultNames, faults } from './faults.ts';
import type { CampaignReport } from './run.ts';

const [held, broke, absent, untried] = ['✓', '✗', '–', '·'];

/** Steps × faults of one process. */
export function tableOf({ process, cells, tried, wrong }: { process: string } & Pick<CampaignReport, 'cells' | 'tried' | 'wrong'>): string {
  const own = cells.filter(({ sample }) => sample.process.name === process);
  const table = new Table({
    head: [process, ...faultNames.map((name) => faults[name].title)],
    colAligns: ['left', ...faultNames.map(() => 'center' as const)],
    colWidths: [undefined as unknown as number, ...faultNames.map(() => 12)],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const place of new Set(own.map((cell) => cell.place))) {
    const fields = faultNames.map((name) => {
      const cell = own.find((one) => one.place === place && one.fault === name);
      if (!cell) return absent;
      if (wrong.has(cell)) return broke;
      return tried.has(cell) ? held : untried;
    });
    table.push([place, ...fields]);
  }
  return table.toString();
}

export const legend = `${held} it held   ${broke} a hole, named below   ${untried} not drawn   ${absent} cannot happen there`;

import Table from 'cli-table3';
import { type FaultName, faultNames, faults } from './faults.ts';
import type { CampaignReport } from './run.ts';

const [held, broke, absent, untried] = ['✓', '✗', '–', '·'];

/** Characters: as wide as the longest word of a title; and with the line beside it. */
const column = Math.max(...faultNames.flatMap((name) => faults[name].title.split(' ').map((word) => word.length)));
const wholeColumn = column + 1;

/** Steps × faults of one process; where a line has fewer characters than that takes (`width`), in several tables with some of the faults each. */
export function tableOf({ process, cells, tried, wrong, width = Infinity }: { process: string; width?: number } & Pick<CampaignReport, 'cells' | 'tried' | 'wrong'>): string {
  const own = cells.filter(({ sample }) => sample.process.name === process);
  const places = [...new Set(own.map((cell) => cell.place))];
  const sign = (place: string, fault: FaultName): string => {
    const cell = own.find((one) => one.place === place && one.fault === fault);
    if (!cell) return absent;
    if (wrong.has(cell)) return broke;
    return tried.has(cell) ? held : untried;
  };
  const first = Math.max(...[process, ...places].map((name) => name.length));
  const parts = partsOf(faultNames, Math.floor((width - first - 2) / wholeColumn));
  return parts
    .map((names) => {
      const table = new Table({
        head: [process, ...names.map((name) => faults[name].title)],
        colAligns: ['left', ...names.map(() => 'center' as const)],
        colWidths: [first, ...names.map(() => column)],
        wordWrap: true,
        style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
      });
      table.push(...places.map((place) => [place, ...names.map((name) => sign(place, name))]));
      return table.toString();
    })
    .join('\n');
}

/** As few parts as possible of at most so many each, and as even as possible. */
function partsOf<T>(all: readonly T[], atMost: number): readonly (readonly T[])[] {
  const size = Math.ceil(all.length / Math.ceil(all.length / Math.max(1, atMost)));
  return all.flatMap((_, index) => (index % size === 0 ? [all.slice(index, index + size)] : []));
}

export const legend = `${held} it held   ${broke} a hole, named below   ${untried} not drawn   ${absent} cannot happen there`;

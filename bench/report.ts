import { cpus, totalmem } from 'node:os';
import Table from 'cli-table3';

/** One figure of a bench. `met` is `null` where there is no goal. */
export interface Result {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: string | null;
  readonly met: boolean | null;
}

/** Prints a bench's figures: a table, or with `json` one JSON value `{ bench, machine, results }`. Every bench has this form. */
export function report({ bench, results, json }: { bench: string; results: readonly Result[]; json: boolean }): void {
  const machine = {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  if (json) {
    process.stdout.write(`${JSON.stringify({ bench, machine, results }, null, 2)}\n`);
    return;
  }
  const table = new Table({ head: ['metric', 'value', 'unit', 'goal', 'met'], style: { head: [], border: [] } });
  for (const { metric, value, unit, goal, met } of results) {
    table.push([metric, round(value), unit, goal ?? '', met === null ? '' : met ? 'yes' : 'NO']);
  }
  process.stdout.write(`${bench} on ${machine.cores} cores, Node ${machine.node}\n${table.toString()}\n`);
}

const round = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? (sorted[Math.floor(middle)] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

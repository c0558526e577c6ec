import Table from 'cli-table3';
import type { HireRow } from './run.ts';

/** The rows as a table for a terminal, with what differs from the expectations below it. */
export function tableOf(rows: readonly HireRow[]): string {
  const table = new Table({ head: ['hire', 'status', 'why', 'decided by', 'seconds', 'retried'], colAligns: ['left', 'left', 'left', 'left', 'right', 'left'], style: { head: [], border: [], compact: true }, wordWrap: true, colWidths: [null, null, 44, null, null, null] });
  for (const { name, title, status, ok, decidedBy, seconds, retried } of rows) table.push([name, ok ? status : `${status} (UNEXPECTED)`, title, decidedBy.join('\n'), seconds.toFixed(1), retried.join('\n')]);
  const wrong = rows.flatMap(({ name, differences }) => differences.map((difference) => `${name}: ${difference}`));
  return [table.toString(), ...wrong].join('\n');
}

import Table from 'cli-table3';
import type { InvoiceRow } from './run.ts';

/** The rows as a table for a terminal, with what differs from the expectations below it. */
export function tableOf(rows: readonly InvoiceRow[]): string {
  const table = new Table({
    head: ['document', 'status', 'decided by', 'total', 'seconds', 'retried'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { document, status, ok, decidedBy, total, seconds, retried } of rows) {
    table.push([document, ok ? status : `${status} (UNEXPECTED)`, decidedBy.join('\n'), total === null ? '' : moneyInWords(total), seconds.toFixed(1), retried.join('\n')]);
  }
  const wrong = rows.flatMap(({ document, differences }) => differences.map((difference) => `${document}: ${difference}`));
  return [table.toString(), ...wrong].join('\n');
}

function moneyInWords({ minorUnits, currency }: NonNullable<InvoiceRow['total']>): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  return format.format(minorUnits / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

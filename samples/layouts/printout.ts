import { buyer } from '../companies.ts';
import { amountsOf, type SampleInvoice } from '../invoices.ts';
import { newSheet } from '../sheet.ts';
import { amountIn, dateIn, daysLater, grouped } from '../wording.ts';

/** German, in typewriter letters as old accounting programs print, marked as a copy. */
export function printout(invoice: SampleInvoice): Promise<Buffer> {
  const { seller, number, date, orderNumber, customerNumber, lines, taxRate, dueInDays } = invoice;
  const { net, tax, total } = amountsOf(invoice);
  const sheet = newSheet({ title: `Rechnung ${number} (Kopie)`, date, style: { face: 'Courier', size: 10 } });
  sheet.watermark('KOPIE');

  const width = 78;
  const pair = (label: string, value: string) => `${label.padEnd(18, '.')}: ${value}`;
  const row = (text: string, quantity: string, price: string, sum: string) => `${text.slice(0, 40).padEnd(42)}${quantity.padStart(10)}${price.padStart(12)}${sum.padStart(14)}`;
  const amount = (minorUnits: number) => amountIn('de', minorUnits);
  const sum = (label: string, value: number) => `${label.padEnd(24)}${amount(value).padStart(14)} EUR`.padStart(width);
  const rows = [
    seller.name,
    `${seller.street}, ${seller.city}`,
    `USt-IdNr.: ${seller.taxId}`,
    '',
    '',
    buyer.name,
    buyer.street,
    buyer.city,
    '',
    '',
    '*** K O P I E ***'.padStart(width),
    'R E C H N U N G',
    '='.repeat(width),
    pair('Rechnungsnummer', number),
    pair('Rechnungsdatum', dateIn('dotted', date)),
    pair('Ihre Bestellung', orderNumber),
    pair('Kundennummer', customerNumber),
    '='.repeat(width),
    row('Artikel', 'Menge', 'Preis', 'Betrag'),
    '-'.repeat(width),
    ...lines.map((line) => row(line.text, `${line.quantity} ${line.unit}`, amount(line.price), amount(line.quantity * line.price))),
    '-'.repeat(width),
    sum('Nettosumme', net),
    sum(`MwSt. ${taxRate},00 %`, tax),
    sum('Bruttosumme', total),
    '='.repeat(width),
    '',
    `Zahlbar bis ${dateIn('dotted', daysLater(date, dueInDays))} auf unser Konto bei der ${seller.bank}:`,
    `IBAN ${grouped(seller.iban)}`,
    `Verwendungszweck ${number}`,
    '',
    '',
    `${seller.phone} / ${seller.email}`,
    'Kopie der Originalrechnung, maschinell erstellt.',
  ];
  rows.forEach((text, index) => text && sheet.text(text, { x: 62, y: 60 + index * 17 }));
  return sheet.bytes();
}

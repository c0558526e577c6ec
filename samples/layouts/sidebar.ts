import { buyer } from '../companies.ts';
import { amountsOf, type SampleInvoice } from '../invoices.ts';
import { newSheet } from '../sheet.ts';
import { amountIn, dateIn, daysLater, grouped } from '../wording.ts';

/** German, with a tinted column at the left for who sends it and the references, label over value. */
export function sidebar(invoice: SampleInvoice, { colour, tint }: { colour: string; tint: string }): Promise<Buffer> {
  const { seller, number, date, delivered, orderNumber, customerNumber, lines, taxRate, dueInDays } = invoice;
  const { net, tax, total } = amountsOf(invoice);
  const sheet = newSheet({ title: `Rechnung ${number}`, date, style: { size: 9.5 } });

  sheet.box([0, 0, 168, sheet.height], { fill: tint });
  sheet.box([0, 0, 8, sheet.height], { fill: colour });
  sheet.text('RECHNUNG', { x: 24, y: 44, size: 18, face: 'Helvetica-Bold', colour });
  const entries = [
    ['Rechnungs-Nr.', number],
    ['Datum der Rechnung', dateIn('dotted', date)],
    ['Bestell-Nr.', orderNumber],
    ['Kunden-Nr.', customerNumber],
    ['Leistungsdatum', dateIn('dotted', delivered)],
    ['Zahlbar bis', dateIn('dotted', daysLater(date, dueInDays))],
  ] as const;
  entries.forEach(([label, value], index) => {
    sheet.text(label, { x: 24, y: 92 + index * 36, size: 8, colour: '#555555' });
    sheet.text(value, { x: 24, y: 104 + index * 36, size: 10.5, face: 'Helvetica-Bold' });
  });
  const sender = [seller.name, seller.street, seller.city, '', seller.phone, seller.email, seller.web, '', `USt-IdNr. ${seller.taxId}`];
  sender.forEach((row, index) => sheet.text(row, { x: 24, y: 690 + index * 12, size: 8 }));

  sheet.text(seller.name, { x: 192, y: 44, size: 15, face: 'Helvetica-Bold' });
  sheet.text('An', { x: 192, y: 92, size: 8, colour: '#555555' });
  [buyer.name, buyer.department, buyer.street, buyer.city].forEach((row, index) => sheet.text(row, { x: 192, y: 104 + index * 14, size: 10.5 }));

  const right = 560;
  let y = 214;
  sheet.box([192, y - 6, right - 184, 22], { fill: colour });
  const heads = [
    ['Leistung', 200, 'left'],
    ['Menge', 410, 'right'],
    ['Einzelpreis', 482, 'right'],
    ['Summe', right, 'right'],
  ] as const;
  for (const [head, x, anchor] of heads) sheet.text(head, { x, y, anchor, face: 'Helvetica-Bold', colour: '#ffffff' });
  for (const line of lines) {
    y += 26;
    sheet.text(line.text, { x: 200, y });
    sheet.text(`${line.quantity} ${line.unit}`, { x: 410, y, anchor: 'right' });
    sheet.text(`${amountIn('de', line.price)} €`, { x: 482, y, anchor: 'right' });
    sheet.text(`${amountIn('de', line.quantity * line.price)} €`, { x: right, y, anchor: 'right' });
    sheet.line([192, y + 17], [right + 8, y + 17], { colour: '#cccccc' });
  }
  const sums = [
    ['Zwischensumme (netto)', net, 'Helvetica'],
    [`Umsatzsteuer ${taxRate} %`, tax, 'Helvetica'],
    ['Zu zahlender Betrag', total, 'Helvetica-Bold'],
  ] as const;
  y += 38;
  for (const [label, amount, face] of sums) {
    sheet.text(label, { x: 340, y, face });
    sheet.text(`${amountIn('de', amount)} €`, { x: right, y, face, anchor: 'right' });
    y += 20;
  }

  sheet.text('Bankverbindung', { x: 192, y: y + 40, face: 'Helvetica-Bold', colour });
  [`Kontoinhaber: ${seller.name}`, seller.bank, `IBAN: ${grouped(seller.iban)}`, `Verwendungszweck: ${number}`].forEach((row, index) =>
    sheet.text(row, { x: 192, y: y + 57 + index * 14 }),
  );
  return sheet.bytes();
}

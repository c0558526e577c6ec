import { buyer } from '../companies.ts';
import { amountsOf, type SampleInvoice } from '../invoices.ts';
import { newSheet } from '../sheet.ts';
import { amountIn, dateIn, grouped } from '../wording.ts';

/** German, as a small firm writes it: a centred head in serifs, the references within sentences, sums below the last column. */
export function tradesman(invoice: SampleInvoice): Promise<Buffer> {
  const { seller, number, date, delivered, orderNumber, lines, taxRate, dueInDays } = invoice;
  const { net, tax, total } = amountsOf(invoice);
  const sheet = newSheet({ title: `Rechnung ${number}`, date, style: { face: 'Times-Roman', size: 11.5 } });
  const middle = sheet.width / 2;

  sheet.text(seller.name, { x: middle, y: 46, size: 22, face: 'Times-Bold', anchor: 'centre' });
  sheet.text(`${seller.street} · ${seller.city}`, { x: middle, y: 76, anchor: 'centre' });
  sheet.text(`Tel. ${seller.phone} · ${seller.email}`, { x: middle, y: 92, anchor: 'centre' });
  sheet.line([62, 114], [sheet.width - 62, 114], { weight: 1.4 });
  sheet.line([62, 117], [sheet.width - 62, 117]);

  [buyer.name, buyer.street, buyer.city].forEach((row, index) => sheet.text(row, { x: 62, y: 150 + index * 16 }));
  sheet.text(`Datum: ${dateIn('dotted', date)}`, { x: sheet.width - 62, y: 232, anchor: 'right' });
  sheet.text(`Rechnung Nr. ${number}`, { x: 62, y: 262, size: 16, face: 'Times-Bold' });
  sheet.text(`Ihre Bestellung Nr. ${orderNumber}, Leistung bis ${dateIn('dotted', delivered)}`, { x: 62, y: 290 });
  sheet.text('Für die ausgeführten Arbeiten erlauben wir uns zu berechnen:', { x: 62, y: 316 });

  const right = sheet.width - 70;
  let y = 350;
  sheet.line([62, y - 6], [sheet.width - 62, y - 6]);
  sheet.text('Leistung', { x: 70, y, face: 'Times-Bold' });
  sheet.text('Menge', { x: 330, y, face: 'Times-Bold', anchor: 'right' });
  sheet.text('Preis', { x: 425, y, face: 'Times-Bold', anchor: 'right' });
  sheet.text('Betrag €', { x: right, y, face: 'Times-Bold', anchor: 'right' });
  sheet.line([62, y + 17], [sheet.width - 62, y + 17]);
  for (const line of lines) {
    y += 24;
    sheet.text(line.text, { x: 70, y });
    sheet.text(`${line.quantity} ${line.unit}`, { x: 330, y, anchor: 'right' });
    sheet.text(amountIn('de', line.price), { x: 425, y, anchor: 'right' });
    sheet.text(amountIn('de', line.quantity * line.price), { x: right, y, anchor: 'right' });
  }
  sheet.line([62, y + 20], [sheet.width - 62, y + 20]);
  const sums = [
    ['Summe netto', net, 'Times-Roman'],
    [`Mehrwertsteuer ${taxRate} %`, tax, 'Times-Roman'],
    ['Rechnungsbetrag in EUR', total, 'Times-Bold'],
  ] as const;
  y += 30;
  for (const [label, amount, face] of sums) {
    sheet.text(label, { x: 280, y, face });
    sheet.text(amountIn('de', amount), { x: right, y, face, anchor: 'right' });
    y += 21;
  }
  sheet.line([280, y - 2], [sheet.width - 62, y - 2], { weight: 1.2 });

  sheet.text(`Zahlbar innerhalb von ${dueInDays} Tagen ohne Abzug. Bei Zahlung bitte angeben: ${number}`, { x: 62, y: y + 34 });
  sheet.text('Vielen Dank für Ihren Auftrag!', { x: 62, y: y + 58, face: 'Times-Italic' });
  sheet.line([62, 762], [sheet.width - 62, 762]);
  sheet.text(`${seller.bank} · IBAN ${grouped(seller.iban)}`, { x: middle, y: 770, size: 10.5, anchor: 'centre' });
  sheet.text(`USt-IdNr. ${seller.taxId} · ${seller.web}`, { x: middle, y: 786, size: 10.5, anchor: 'centre' });
  return sheet.bytes();
}

import type { SampleInvoice } from '../invoices.ts';
import { newSheet } from '../sheet.ts';
import { dateIn } from '../wording.ts';
import { footer, letterhead, references } from './letter.ts';

/** What came with the goods: the same paper as the firm's invoices, but no amounts. */
export function deliveryNote(order: SampleInvoice, { number }: { number: string }): Promise<Buffer> {
  const sheet = newSheet({ title: `Lieferschein ${number}`, date: order.delivered });
  letterhead(sheet, order);
  references(sheet, [
    ['Lieferschein-Nr.', number],
    ['Lieferdatum', dateIn('dotted', order.delivered)],
    ['Ihre Bestellnummer', order.orderNumber],
    ['Kundennummer', order.customerNumber],
  ]);
  sheet.text(`Lieferschein ${number}`, { x: 62, y: 290, size: 15, face: 'Helvetica-Bold' });
  sheet.text('Wir liefern Ihnen heute wie vereinbart:', { x: 62, y: 322 });
  let y = 352;
  sheet.text('Pos.', { x: 62, y, face: 'Helvetica-Bold' });
  sheet.text('Bezeichnung', { x: 96, y, face: 'Helvetica-Bold' });
  sheet.text('Menge', { x: 440, y, face: 'Helvetica-Bold', anchor: 'right' });
  sheet.text('geprüft', { x: 535, y, face: 'Helvetica-Bold', anchor: 'right' });
  sheet.line([62, y + 14], [535, y + 14]);
  order.lines.forEach((line, index) => {
    y += 22;
    sheet.text(String(index + 1), { x: 62, y });
    sheet.text(line.text, { x: 96, y });
    sheet.text(`${line.quantity} ${line.unit}`, { x: 440, y, anchor: 'right' });
    sheet.box([524, y, 9, 9], { stroke: '#333333' });
  });
  sheet.line([62, y + 20], [535, y + 20]);
  sheet.text('2 Paletten, 412 kg. Ware erhalten am, Unterschrift:', { x: 62, y: y + 60 });
  sheet.line([300, y + 70], [535, y + 70]);
  sheet.text('Die Rechnung folgt mit getrennter Post.', { x: 62, y: y + 100 });
  footer(sheet, order);
  return sheet.bytes();
}

import { buyer } from '../companies.ts';
import { amountsOf, type SampleInvoice } from '../invoices.ts';
import { newSheet } from '../sheet.ts';
import { amountIn, dateIn, daysLater, grouped } from '../wording.ts';

/** US Letter, dollars, the references as a table of label and value at the upper right. */
export function american(invoice: SampleInvoice): Promise<Buffer> {
  const { seller, number, date, orderNumber, lines, dueInDays } = invoice;
  const { net, tax, total } = amountsOf(invoice);
  const sheet = newSheet({ title: `Invoice ${number}`, date, size: 'LETTER', style: { size: 10 } });
  const red = '#8c2f1b';

  sheet.text(seller.name, { x: 54, y: 52, size: 18, face: 'Helvetica-Bold', colour: red });
  [seller.street, seller.city, seller.phone, seller.email].forEach((row, index) => sheet.text(row, { x: 54, y: 80 + index * 14 }));
  const references = [
    ['Invoice #:', number],
    ['Date:', dateIn('usWords', date)],
    ['P.O. #:', orderNumber],
    ['Terms:', `Net ${dueInDays}`],
    ['Due:', dateIn('usWords', daysLater(date, dueInDays))],
  ] as const;
  references.forEach(([label, value], index) => {
    sheet.text(label, { x: 430, y: 54 + index * 17, face: 'Helvetica-Bold', anchor: 'right' });
    sheet.text(value, { x: 558, y: 54 + index * 17, anchor: 'right' });
  });
  sheet.line([54, 152], [558, 152], { colour: red, weight: 2 });

  sheet.text('BILL TO', { x: 54, y: 168, size: 9, face: 'Helvetica-Bold', colour: red });
  [buyer.name, 'Attn: Accounts Payable', buyer.street, `${buyer.city}, ${buyer.country}`].forEach((row, index) => sheet.text(row, { x: 54, y: 184 + index * 14 }));

  let y = 270;
  sheet.box([54, y - 6, 504, 22], { fill: red });
  const heads = [
    ['QTY', 64, 'left'],
    ['DESCRIPTION', 130, 'left'],
    ['UNIT PRICE', 455, 'right'],
    ['AMOUNT', 550, 'right'],
  ] as const;
  for (const [head, x, anchor] of heads) sheet.text(head, { x, y, anchor, size: 9, face: 'Helvetica-Bold', colour: '#ffffff' });
  for (const line of lines) {
    y += 26;
    sheet.text(`${line.quantity} ${line.unit}`, { x: 64, y });
    sheet.text(line.text, { x: 130, y });
    sheet.text(`$${amountIn('en', line.price)}`, { x: 455, y, anchor: 'right' });
    sheet.text(`$${amountIn('en', line.quantity * line.price)}`, { x: 550, y, anchor: 'right' });
    sheet.line([54, y + 17], [558, y + 17], { colour: '#cccccc' });
  }
  const sums = [
    ['Subtotal', net, 'Helvetica'],
    ['Sales tax (0%)', tax, 'Helvetica'],
    ['Total (USD)', total, 'Helvetica-Bold'],
  ] as const;
  y += 40;
  for (const [label, amount, face] of sums) {
    sheet.text(label, { x: 455, y, face, anchor: 'right' });
    sheet.text(`$${amountIn('en', amount)}`, { x: 550, y, face, anchor: 'right' });
    y += 20;
  }

  sheet.text('Remit by wire transfer to our European account:', { x: 54, y: y + 40, face: 'Helvetica-Bold' });
  [seller.name, seller.bank, `IBAN: ${grouped(seller.iban)}`, `Reference: ${number}`].forEach((row, index) => sheet.text(row, { x: 54, y: y + 57 + index * 15 }));
  sheet.text(`Tax ID: ${seller.taxId}`, { x: 54, y: y + 132 });
  sheet.text(`Questions? Write to ${seller.email} or visit ${seller.web}`, { x: sheet.width / 2, y: 744, size: 9, colour: '#666666', anchor: 'centre' });
  return sheet.bytes();
}

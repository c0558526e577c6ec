import { buyer } from '../companies.ts';
import { amountsOf, type SampleInvoice } from '../invoices.ts';
import { newSheet } from '../sheet.ts';
import { amountIn, dateIn, daysLater, grouped } from '../wording.ts';

/** English, with a coloured band, the references in a row below their labels, and the payment details in a box. */
export function banner(invoice: SampleInvoice, { smallPrint = [] }: { smallPrint?: readonly string[] } = {}): Promise<Buffer> {
  const { seller, number, date, orderNumber, lines, taxRate, dueInDays } = invoice;
  const { net, tax, total } = amountsOf(invoice);
  const sheet = newSheet({ title: `Invoice ${number}`, date, style: { size: 10 } });
  const teal = '#0b6e6e';

  sheet.box([0, 0, sheet.width, 78], { fill: teal });
  sheet.text(seller.name, { x: 48, y: 26, size: 20, face: 'Helvetica-Bold', colour: '#ffffff' });
  sheet.text('INVOICE', { x: sheet.width - 48, y: 30, size: 16, colour: '#ffffff', anchor: 'right' });
  [`${seller.street}, ${seller.city}`, `${seller.phone}  |  ${seller.email}`, `VAT reg. no. ${seller.taxId}`].forEach((row, index) =>
    sheet.text(row, { x: 48, y: 94 + index * 15, colour: '#333333' }),
  );

  sheet.text('Bill to', { x: 48, y: 160, face: 'Helvetica-Bold', colour: teal });
  [buyer.name, 'Accounts payable', buyer.street, `${buyer.city}, ${buyer.country}`].forEach((row, index) => sheet.text(row, { x: 48, y: 177 + index * 15 }));

  const references = [
    ['Invoice no.', number],
    ['Invoice date', dateIn('enWords', date)],
    ['Your order no.', orderNumber],
    ['Due date', dateIn('enWords', daysLater(date, dueInDays))],
  ] as const;
  sheet.box([48, 256, sheet.width - 96, 44], { fill: '#eef6f6' });
  references.forEach(([label, value], index) => {
    const x = 60 + index * 124;
    sheet.text(label, { x, y: 263, size: 9, colour: '#555555' });
    sheet.text(value, { x, y: 280, size: 10.5, face: 'Helvetica-Bold' });
  });

  const right = sheet.width - 60;
  let y = 328;
  const heads = [
    ['Description', 60, 'left'],
    ['Qty', 345, 'right'],
    ['Unit price', 430, 'right'],
    ['Amount', right, 'right'],
  ] as const;
  for (const [head, x, anchor] of heads) sheet.text(head, { x, y, anchor, face: 'Helvetica-Bold', colour: teal });
  sheet.line([48, y + 16], [sheet.width - 48, y + 16], { colour: teal, weight: 1 });
  for (const line of lines) {
    y += 24;
    sheet.text(line.text, { x: 60, y });
    sheet.text(`${line.quantity} ${line.unit}`, { x: 345, y, anchor: 'right' });
    sheet.text(amountIn('en', line.price), { x: 430, y, anchor: 'right' });
    sheet.text(amountIn('en', line.quantity * line.price), { x: right, y, anchor: 'right' });
  }
  sheet.line([48, y + 20], [sheet.width - 48, y + 20], { colour: '#bbbbbb' });

  const sums = [
    ['Subtotal', net],
    [`VAT ${taxRate}%`, tax],
  ] as const;
  y += 34;
  for (const [label, amount] of sums) {
    sheet.text(label, { x: 345, y });
    sheet.text(`EUR ${amountIn('en', amount)}`, { x: right, y, anchor: 'right' });
    y += 20;
  }
  sheet.box([333, y - 4, sheet.width - 333 - 48, 26], { fill: '#eef6f6' });
  sheet.text('Total due', { x: 345, y: y + 3, size: 12, face: 'Helvetica-Bold' });
  sheet.text(`EUR ${amountIn('en', total)}`, { x: right, y: y + 3, size: 12, face: 'Helvetica-Bold', anchor: 'right' });

  y += 70;
  sheet.box([48, y, 330, 82], { stroke: teal });
  sheet.text('Payment details', { x: 60, y: y + 9, face: 'Helvetica-Bold', colour: teal });
  [`Account name: ${seller.name}`, `Bank: ${seller.bank}`, `IBAN: ${grouped(seller.iban)}`, `Please quote ${number} with your payment.`].forEach((row, index) =>
    sheet.text(row, { x: 60, y: y + 25 + index * 14 }),
  );
  smallPrint.forEach((row, index) => sheet.text(row, { x: 48, y: y + 112 + index * 12, size: 8, colour: '#444444' }));
  sheet.text(`Thank you for your business.  ${seller.web}`, { x: sheet.width / 2, y: 800, size: 8.5, colour: '#666666', anchor: 'centre' });
  return sheet.bytes();
}

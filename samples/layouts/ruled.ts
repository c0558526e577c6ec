import { buyer } from '../companies.ts';
import { amountsOf, type SampleInvoice } from '../invoices.ts';
import { newSheet } from '../sheet.ts';
import { amountIn, dateIn, grouped } from '../wording.ts';

/** English, a form of ruled cells, each with its small label above its value; both parties' VAT numbers are on it. */
export function ruled(invoice: SampleInvoice): Promise<Buffer> {
  const { seller, number, date, delivered, orderNumber, customerNumber, lines, dueInDays } = invoice;
  const { net, tax, total } = amountsOf(invoice);
  const sheet = newSheet({ title: `Invoice ${number}`, date, style: { size: 9 } });
  const ink = '#303030';

  sheet.text('Invoice', { x: 44, y: 40, size: 26, face: 'Helvetica-Bold' });
  sheet.text(seller.name, { x: sheet.width - 44, y: 42, size: 13, face: 'Helvetica-Bold', anchor: 'right' });
  [seller.street, `${seller.city}, The Netherlands`, `${seller.email} · ${seller.phone}`].forEach((row, index) =>
    sheet.text(row, { x: sheet.width - 44, y: 60 + index * 12, anchor: 'right' }),
  );

  const cell = ([x, y, width, height]: readonly [number, number, number, number], label: string, rows: readonly string[]) => {
    sheet.box([x, y, width, height], { stroke: ink });
    sheet.text(label, { x: x + 5, y: y + 4, size: 7, colour: '#666666' });
    rows.forEach((row, index) => sheet.text(row, { x: x + 5, y: y + 15 + index * 12.5, size: 10 }));
  };
  const half = (sheet.width - 88) / 2;
  const quarter = half / 2;
  cell([44, 116, half, 84], 'Customer', [buyer.name, buyer.street, `${buyer.city}, ${buyer.country}`, '', '']);
  sheet.text(`Customer VAT number ${buyer.taxId}`, { x: 49, y: 180, size: 8.5 });
  cell([44 + half, 116, quarter, 28], 'Invoice number', [number]);
  cell([44 + half + quarter, 116, quarter, 28], 'Invoice date', [dateIn('enWords', date)]);
  cell([44 + half, 144, quarter, 28], 'Purchase order', [orderNumber]);
  cell([44 + half + quarter, 144, quarter, 28], 'Customer number', [customerNumber]);
  cell([44 + half, 172, quarter, 28], 'Delivery date', [dateIn('enWords', delivered)]);
  cell([44 + half + quarter, 172, quarter, 28], 'Terms', [`Net ${dueInDays} days`]);

  const edges = [44, 300, 360, 450, sheet.width - 44] as const;
  const bottom = 500;
  sheet.box([44, 224, sheet.width - 88, 20], { fill: '#e4e4e4', stroke: ink });
  sheet.box([44, 244, sheet.width - 88, bottom - 244], { stroke: ink });
  for (const x of edges.slice(1, 4)) sheet.line([x, 224], [x, bottom], { colour: ink });
  ['Item', 'Quantity', 'Price (EUR)', 'Total (EUR)'].forEach((head, index) => sheet.text(head, { x: (edges[index] ?? 44) + 5, y: 230, face: 'Helvetica-Bold' }));
  lines.forEach((line, index) => {
    const y = 252 + index * 18;
    sheet.text(line.text, { x: 49, y });
    sheet.text(`${line.quantity} ${line.unit}`, { x: 355, y, anchor: 'right' });
    sheet.text(amountIn('en', line.price), { x: 445, y, anchor: 'right' });
    sheet.text(amountIn('en', line.quantity * line.price), { x: sheet.width - 49, y, anchor: 'right' });
  });
  const sums = [
    ['Net amount', net, 'Helvetica'],
    ['VAT 0% (reverse charge)', tax, 'Helvetica'],
    ['Amount payable', total, 'Helvetica-Bold'],
  ] as const;
  sums.forEach(([label, amount, face], index) => {
    const y = bottom + index * 20;
    sheet.box([300, y, sheet.width - 344, 20], { stroke: ink });
    sheet.text(label, { x: 305, y: y + 6, face });
    sheet.text(`€ ${amountIn('en', amount)}`, { x: sheet.width - 49, y: y + 6, face, anchor: 'right' });
  });

  sheet.text('VAT reverse-charged to the recipient, Article 196 of Directive 2006/112/EC.', { x: 44, y: 586 });
  cell([44, 612, sheet.width - 88, 44], 'Payment', [`${seller.bank}, IBAN ${grouped(seller.iban)}, in the name of ${seller.name}`, `Payment reference ${number}`]);
  sheet.text(`VAT number ${seller.taxId} · ${seller.web}`, { x: 44, y: 792, size: 8 });
  return sheet.bytes();
}

import { Invoice, type ExtractedFields, invoiceFields, type PurchaseOrder, type Vendor } from '../contracts/invoice.ts';
import { supplierInvoice as contract } from '../contracts/processes/supplier-invoice.ts';
import { rejected } from '../contracts/failures.ts';
import { flow } from './kit/flow.ts';
import { parallel } from './kit/parallel.ts';

/** A field below this confidence is shown to a person. */
const trusted = 0.85;
/** In euro cents: above it finance approves, whatever the order says. */
const approvalLimit = 10_000_00;
const bookCurrency = 'EUR';
const daysToPay = 30;

export const supplierInvoice = flow(
  contract,
  async (
    { document },
    {
      readDocument,
      extractFields,
      checkFields,
      findVendor,
      findOrder,
      claimNumber,
      confirmBankAccount,
      approveInvoice,
      reserveBudget,
      enterInLegacyErp,
      schedulePayment,
      notifySupplier,
    },
  ) => {
    const { reading } = await readDocument({ document });
    const extracted = await extractFields({ reading });

    const askPerson = async () => {
      const { documentType, fields, warnings } = extracted;
      const check = await checkFields({ document, documentType, fields, warnings, doubtful: doubtfulFields(fields) });
      if (check.outcome === 'reject') throw rejected(`${check.decidedBy} refused the document: ${check.reason}`);
      return { invoice: check.invoice, checkedBy: check.decidedBy };
    };

    const certain = certainInvoice(extracted);
    const unsure = certain === undefined;
    const { invoice, checkedBy } = unsure ? await askPerson() : { invoice: certain, checkedBy: null };
    const { vendorTaxId, orderNumber, invoiceNumber, iban } = invoice;
    const total = { minorUnits: invoice.total, currency: invoice.currency };

    const { vendor, order } = await parallel({
      vendor: findVendor({ taxId: vendorTaxId }),
      order: findOrder({ number: orderNumber }),
    });

    await claimNumber({ vendorId: vendor.id, invoiceNumber, document: document.sha256 });

    const accountChanged = iban !== vendor.iban;
    if (accountChanged) {
      const answer = await confirmBankAccount({ document, vendor, invoice, onInvoice: iban, onFile: vendor.iban });
      if (answer.outcome === 'reject') throw rejected(`${answer.decidedBy} refused the bank account ${iban}: ${answer.reason}`);
    }

    const reasons = reasonsToAsk({ invoice, vendor, order });
    const needsApproval = reasons.length > 0;
    if (needsApproval) {
      const verdict = await approveInvoice({ document, invoice, vendor, order, reasons, checkedBy });
      if (verdict.outcome === 'reject') throw rejected(`${verdict.decidedBy} refused the invoice: ${verdict.reason}`);
    }

    await reserveBudget({ costCentre: order.costCentre, amount: total });

    const { documentNumber } = await enterInLegacyErp({
      vendorId: vendor.id,
      vendorName: vendor.name,
      invoiceNumber,
      invoiceDate: invoice.invoiceDate,
      orderNumber,
      costCentre: order.costCentre,
      net: { minorUnits: invoice.net, currency: invoice.currency },
      tax: { minorUnits: invoice.tax, currency: invoice.currency },
      total,
    });

    const dueDate = plusDays(invoice.invoiceDate, daysToPay);
    const { paymentId } = await schedulePayment({ vendorId: vendor.id, iban, amount: total, reference: `Invoice ${invoiceNumber}`, dueDate });

    await notifySupplier({
      to: vendor.email,
      subject: `Your invoice ${invoiceNumber} will be paid`,
      text: `Dear ${vendor.name},\n\nyour invoice ${invoiceNumber} of ${invoice.invoiceDate} over ${amountInWords(total)} is approved and will be paid by ${dueDate}.\n\nOur reference: ${documentNumber}\n`,
    });

    return { status: 'paid', vendorId: vendor.id, invoiceNumber, total, erpDocument: documentNumber, paymentId };
  },
);

/** The invoice, where every field is trusted and well-formed and nothing about the document is odd. */
function certainInvoice({ documentType, fields, warnings }: { documentType: string; fields: ExtractedFields; warnings: readonly string[] }): Invoice | undefined {
  if (documentType !== 'invoice' || warnings.length > 0 || doubtfulFields(fields).length > 0) return undefined;
  const values = Object.fromEntries(invoiceFields.map((name) => [name, fields[name].value]));
  return Invoice.safeParse(values).data;
}

/** Most doubtful first. */
const doubtfulFields = (fields: ExtractedFields): string[] =>
  invoiceFields.filter((name) => fields[name].confidence < trusted).sort((a, b) => fields[a].confidence - fields[b].confidence);

function reasonsToAsk({ invoice, vendor, order }: { invoice: Invoice; vendor: Vendor; order: PurchaseOrder }): string[] {
  const foreign = invoice.currency !== bookCurrency;
  const comparable = invoice.currency === order.openAmount.currency;
  return [
    ...(order.vendorId === vendor.id ? [] : [`order ${order.number} belongs to another vendor`]),
    ...(!comparable || invoice.total > order.openAmount.minorUnits ? ['the total exceeds the open amount of the order'] : []),
    ...(!foreign && invoice.total > approvalLimit ? ['the total exceeds the approval limit'] : []),
    ...(foreign ? [`the currency is ${invoice.currency}`] : []),
    ...(vendor.risk === 'high' ? ['the vendor is rated as high risk'] : []),
  ];
}

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

const amountInWords = ({ minorUnits, currency }: { minorUnits: number; currency: string }): string => {
  const digits = currency === 'JPY' ? 0 : 2;
  return `${currency} ${(minorUnits / 10 ** digits).toFixed(digits)}`;
};

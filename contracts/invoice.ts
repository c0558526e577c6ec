import { z } from 'zod';
import { Currency, Money } from './money.ts';

/** An international bank account number without blanks. Only the shape: whether the checksum holds is evidence, not form. */
export const Iban = z.string().regex(/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/);
export const TaxId = z.string().regex(/^[A-Z]{2}[A-Z0-9]{2,14}$/);
export const InvoiceNumber = z.string().min(1).max(40).regex(/^[A-Za-z0-9][A-Za-z0-9/._-]*$/);
export const OrderNumber = z.string().min(1).max(30).regex(/^[A-Za-z0-9][A-Za-z0-9/._-]*$/);

/** The fields of an invoice once they are trusted: by confidence, or by a person. Amounts are in the minor unit of `currency`. */
export const Invoice = z.strictObject({
  vendorName: z.string().min(1).max(120),
  vendorTaxId: TaxId,
  invoiceNumber: InvoiceNumber,
  invoiceDate: z.iso.date(),
  orderNumber: OrderNumber,
  currency: Currency,
  net: z.int(),
  tax: z.int(),
  /** gross */
  total: z.int().positive(),
  iban: Iban,
});
export type Invoice = z.infer<typeof Invoice>;
export const invoiceFields = Object.keys(Invoice.shape) as readonly (keyof Invoice)[];

/** A place on a page: left, top, width and height as fractions of the page's width and height, from the top left. */
export const Box = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** One extracted field with what speaks for it. */
const field = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    /** `null` when it was not found. */
    value: value.nullable(),
    /** 0 to 1, computed from evidence; a model's own claim does not enter it. */
    confidence: z.number().min(0).max(1),
    /** From 1; `null` when the field was not found on a page. */
    page: z.int().min(1).nullable(),
    box: Box.nullable(),
    /** The reasons for the confidence, in words: `label "Invoice no."`, `checksum holds`, `net + tax = total`. */
    evidence: z.array(z.string().max(200)).max(20),
  });

/** Candidates may be ill-formed (that is what the check by a person is for), hence plain strings. */
const text = z.string().max(200);
export const ExtractedFields = z.strictObject({
  vendorName: field(text),
  vendorTaxId: field(text),
  invoiceNumber: field(text),
  invoiceDate: field(text),
  orderNumber: field(text),
  currency: field(text),
  net: field(z.int()),
  tax: field(z.int()),
  total: field(z.int()),
  iban: field(text),
});
export type ExtractedFields = z.infer<typeof ExtractedFields>;

export const Vendor = z.strictObject({
  id: z.string(),
  name: z.string(),
  taxId: TaxId,
  iban: Iban,
  currency: Currency,
  risk: z.enum(['low', 'high']),
  email: z.email(),
});
export type Vendor = z.infer<typeof Vendor>;

export const PurchaseOrder = z.strictObject({
  number: OrderNumber,
  vendorId: z.string(),
  costCentre: z.string(),
  /** What was ordered and not yet invoiced. */
  openAmount: Money,
});
export type PurchaseOrder = z.infer<typeof PurchaseOrder>;

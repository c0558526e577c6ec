/** What a label says of the value beside or below it. */
export type Meaning =
  | 'invoiceNumber'
  | 'orderNumber'
  | 'invoiceDate'
  | 'vendorTaxId'
  | 'buyerTaxId'
  | 'net'
  | 'tax'
  | 'total'
  | 'accountHolder'
  | 'buyer'
  /** Repeats the invoice number, as a rule. */
  | 'reference'
  /** Known, so that their values are not taken for another's. */
  | 'otherNumber'
  | 'otherDate'
  | 'otherAmount';

interface Phrases {
  /** They mean this and nothing else. */
  readonly sure: string;
  /** They mean it where nothing surer claims it. */
  readonly likely?: string;
}

/** German and English, split at commas. Accents, capitals, blanks and punctuation do not matter. */
const vocabulary: Readonly<Record<Meaning, Phrases>> = {
  invoiceNumber: {
    sure: `Rechnungsnummer, Rechnungs-Nr, Rechnungs Nummer, Rechnung Nr, Rechnung Nummer, Rechnung No, Rechnungs-No, Rg-Nr, Re-Nr, Rech-Nr, Nummer der Rechnung,
      Invoice no, Invoice number, Invoice #, Invoice nr, Invoice num, Invoice ID, Inv no, Inv #, Number of invoice, Tax invoice no, Tax invoice number`,
    likely: 'Rechnung, Invoice, Tax invoice, Belegnummer, Beleg-Nr, Document no, Document number',
  },
  orderNumber: {
    sure: `Bestellnummer, Bestell-Nr, Bestell Nummer, Bestellung Nr, Bestellung Nummer, Ihre Bestellnummer, Ihre Bestell-Nr, Ihre Bestellung, Ihre Bestellung Nr,
      Ihre Bestellung Nummer, Ihre Auftragsnummer, Ihre Auftrags-Nr, Your order no, Your order number, Your order, Your PO, Your PO no, Your PO number, Order no,
      Order number, Order #, Purchase order, Purchase order no, Purchase order number, Purchase order #, PO no, PO number, PO #, PO ref, Customer PO,
      Customer order no, Customer order number`,
    likely: 'Bestellung, Order, PO, Order ref, Order reference',
  },
  invoiceDate: {
    sure: 'Rechnungsdatum, Rechnungs-Datum, Datum der Rechnung, Rechnung vom, Ausstellungsdatum, Invoice date, Date of invoice, Date of issue, Issue date, Issued, Issued on, Tax date',
    likely: 'Datum, Date, Belegdatum, Dated',
  },
  vendorTaxId: {
    sure: `USt-IdNr, USt-ID, UStId, USt-ID-Nummer, UID, UID-Nr, Umsatzsteuer-Identifikationsnummer, Umsatzsteuer-ID, Unsere USt-IdNr, VAT no, VAT number, VAT reg no, VAT reg,
      VAT registration number, VAT registration no, VAT ID, VAT ID no, VAT ID number, VAT #, Our VAT no, Our VAT number, Tax ID, Tax ID no, Tax identification number,
      TIN, EIN, Federal tax ID, BTW nr, BTW nummer`,
  },
  buyerTaxId: {
    sure: `Ihre USt-IdNr, Ihre USt-ID, Ihre UID, Ihre Umsatzsteuer-ID, Ihre Umsatzsteuer-Identifikationsnummer, USt-IdNr Kunde, USt-IdNr des Kunden, Kunden-USt-IdNr,
      USt-IdNr des Leistungsempfängers, USt-IdNr Leistungsempfänger, USt-IdNr Empfänger, USt-IdNr des Empfängers, Customer VAT number, Customer VAT no, Customer VAT,
      Customer VAT ID, Customer VAT reg no, Your VAT no, Your VAT number, Your VAT ID, Your VAT, Your VAT reg no, Client VAT number, Client VAT no, Buyer VAT no,
      Buyer VAT number, Customer tax ID, Your tax ID`,
  },
  net: {
    sure: `Netto, Nettobetrag, Nettosumme, Netto Summe, Summe netto, Gesamt netto, Netto gesamt, Gesamtbetrag netto, Zwischensumme netto, Betrag netto,
      Rechnungsbetrag netto, Warenwert netto, Nettowarenwert, Net, Net amount, Net total, Total net, Total net amount, Subtotal, Sub total, Total excl VAT,
      Total ex VAT, Total excluding VAT, Amount excl VAT, Total before tax, Taxable amount, Subtotal excl VAT`,
    likely: 'Zwischensumme, Warenwert, Summe Positionen',
  },
  tax: {
    sure: `MwSt, Mehrwertsteuer, Umsatzsteuer, USt, MwSt-Betrag, Steuerbetrag, USt-Betrag, Umsatzsteuerbetrag, VAT, VAT amount, Sales tax, Tax, Tax amount,
      Value added tax, GST, Total VAT, Total tax, zuzüglich MwSt, zuzüglich Umsatzsteuer`,
    likely: 'Steuer',
  },
  total: {
    sure: `Gesamtbetrag, Rechnungsbetrag, Rechnungssumme, Rechnungsendbetrag, Rechnungstotal, Endbetrag, Endsumme, Bruttobetrag, Bruttosumme, Brutto, Gesamtsumme,
      Gesamtsumme brutto, Gesamtbetrag brutto, Gesamtbetrag inkl MwSt, Summe brutto, Gesamt brutto, Betrag brutto, Zu zahlen, Zu zahlender Betrag, Zahlbetrag,
      Zahlungsbetrag, Total due, Total amount, Total amount due, Amount due, Amount payable, Total payable, Balance due, Grand total, Invoice total,
      Invoice amount, Total incl VAT, Total inc VAT, Total including VAT, Gross, Gross amount, Gross total, Total gross, Total to pay, Please pay`,
    likely: 'Gesamt, Summe, Total, Betrag',
  },
  accountHolder: {
    sure: `Kontoinhaber, Zahlungsempfänger, Begünstigter, lautend auf, Account name, Account holder, Name of account, Beneficiary, Beneficiary name, Payee, Pay to,
      Remit to, in the name of`,
  },
  buyer: {
    sure: `Bill to, Billed to, Invoice to, Sold to, Ship to, Deliver to, Customer, Client, Buyer, Attn, An, Kunde, Rechnungsempfänger, Rechnung an, Rechnungsanschrift,
      Rechnungsadresse, Lieferanschrift, Lieferadresse, Leistungsempfänger, Auftraggeber, Besteller`,
  },
  reference: {
    sure: 'Verwendungszweck, Zahlungsreferenz, Payment reference, Reference, Remittance reference, Please quote, bitte angeben',
  },
  otherNumber: {
    sure: `Kundennummer, Kunden-Nr, Kunden Nummer, Ihre Kundennummer, Customer no, Customer number, Customer ID, Customer #, Client no, Account no, Account number, Konto-Nr,
      Kontonummer, BLZ, Bankleitzahl, BIC, SWIFT, SWIFT code, IBAN, Sort code, Routing no, Routing number, ABA, Steuernummer, Steuer-Nr, St-Nr, HRB, HRA,
      Handelsregister, Registergericht, Company no, Company number, Registered no, Registration no, CRN, KvK, Lieferschein, Lieferscheinnummer, Lieferschein-Nr,
      Delivery note, Delivery note no, Delivery no, Projekt-Nr, Projektnummer, Project no, Project, Auftragsnummer, Auftrags-Nr, Auftrag Nr, Unser Auftrag,
      Our order no, Our reference, Our ref, Unser Zeichen, Unsere Zeichen, Ihr Zeichen, Your reference, Your ref, Vertragsnummer, Vertrags-Nr, Contract no,
      Telefon, Tel, Phone, Telephone, Fax, Telefax, Mobil, Mobile, Seite, Page, Artikelnummer, Artikel-Nr, Art-Nr, Item no, SKU, Pos, Gläubiger-ID, Angebot Nr,
      Angebotsnummer, Angebots-Nr, Quote no, Quotation no, Sachbearbeiter, Kostenstelle, Cost centre, PO Box, Postfach`,
  },
  otherDate: {
    sure: `Lieferdatum, Liefertermin, Leistungsdatum, Leistungszeitraum, Leistung bis, Leistung vom, Fälligkeitsdatum, Fällig am, Fällig bis, Fällig, Fälligkeit,
      Zahlbar bis, Zahlbar bis zum, Zahlungsziel, zu zahlen bis, bis zum, Bestelldatum, Bestellung vom, Auftragsdatum, Auftrag vom, Lieferung vom, Lieferung am,
      Valuta, Druckdatum, Gedruckt am, Eingang, Eingangsdatum, Eingegangen, Angebot vom, Vertrag vom, gültig bis, Due date, Due, Due on, Due by, Payment due,
      Payment due date, Pay by, Payable by, Delivery date, Date of delivery, Date of supply, Delivered, Delivered on, Supply date, Service date, Service period,
      Period, Order date, Date of order, Shipped, Ship date, Shipping date, Print date, Printed, Received, valid until`,
  },
  otherAmount: {
    sure: `Skonto, Skontobetrag, Rabatt, Nachlass, Discount, Rundung, Rounding, Versand, Versandkosten, Fracht, Shipping, Freight, Anzahlung, Deposit, Less deposit,
      Bereits gezahlt, Already paid, Amount paid, Stückpreis, Einzelpreis, Preis, Unit price, Price, Übertrag, Carried forward, Mahngebühr`,
  },
};

/** How a phrase is compared: in small letters without accents, blanks and punctuation. */
export function keyOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}#]/gu, '');
}

export interface Term {
  readonly meaning: Meaning;
  /** 1 for what means nothing else, 0.8 for what may. */
  readonly strength: number;
}

const meanings = Object.keys(vocabulary) as readonly Meaning[];
const termsOf = (list: string, term: Term) => list.split(',').map((phrase) => [keyOf(phrase), term] as const);

/** By key; the sure ones come last, so that they win. */
export const terms: ReadonlyMap<string, Term> = new Map([
  ...meanings.flatMap((meaning) => termsOf(vocabulary[meaning].likely ?? '', { meaning, strength: 0.8 })),
  ...meanings.flatMap((meaning) => termsOf(vocabulary[meaning].sure, { meaning, strength: 1 })),
].filter(([key]) => key !== ''));

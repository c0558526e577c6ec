import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Vendor } from '../contracts/invoice.ts';

/** Who sends an invoice, with what a letterhead shows. All are made up; their domains end in `.example`. */
export interface Company {
  readonly name: string;
  readonly taxId: string;
  readonly iban: string;
  readonly email: string;
  readonly street: string;
  readonly city: string;
  readonly phone: string;
  readonly web: string;
  readonly bank: string;
}

const vendors = z.array(Vendor).parse(JSON.parse(readFileSync(new URL('../sandbox/data/vendors.json', import.meta.url), 'utf8')));

function company(id: string, letterhead: Omit<Company, 'name' | 'taxId' | 'iban' | 'email'>): Company {
  const vendor = vendors.find((candidate) => candidate.id === id);
  if (vendor === undefined) throw new Error(`sandbox/data/vendors.json has no vendor ${id}: the sample invoices need it`);
  const { name, taxId, iban, email } = vendor;
  return { name, taxId, iban, email, ...letterhead };
}

export const nordlicht = company('V-1001', {
  street: 'Leuchtturmweg 12',
  city: '24999 Musterhafen',
  phone: '+49 431 5550 120',
  web: 'www.nordlicht-papier.example',
  bank: 'Förde Musterbank',
});

export const cloverQuay = company('V-1002', {
  street: '7 Example Quay',
  city: 'Cork T12 X0X0',
  phone: '+353 21 555 0142',
  web: 'www.cloverquay.example',
  bank: 'Example Bank of Munster',
});

export const elbtal = company('V-1003', {
  street: 'Am Musterufer 3',
  city: '01999 Beispielstadt',
  phone: '+49 351 5550 77',
  web: 'www.elbtal-dienste.example',
  bank: 'Elbe Musterbank',
});

export const tulpenveld = company('V-1004', {
  street: 'Voorbeeldlaan 88',
  city: '1099 XX Voorbeeldstad',
  phone: '+31 20 555 0188',
  web: 'www.tulpenveld.example',
  bank: 'Voorbeeldbank',
});

export const moewenblick = company('V-1005', {
  street: 'Strandstraße 5',
  city: '18999 Musterwarnow',
  phone: '+49 381 5550 210',
  web: 'www.moewenblick.example',
  bank: 'Ostsee Musterbank',
});

export const redwood = company('V-1006', {
  street: '400 Sample Creek Road, Suite 210',
  city: 'Sampleton, CA 90000',
  phone: '+1 (555) 555-0133',
  web: 'www.redwoodbasin.example',
  bank: 'Banque Exemple Luxembourg',
});

export const weserkraft = company('V-1007', {
  street: 'Deichbogen 41',
  city: '28999 Musterweser',
  phone: '+49 421 5550 333',
  web: 'www.weserkraft.example',
  bank: 'Weser Musterbank',
});

export const larkspur = company('V-1008', {
  street: '19 Sample Row',
  city: 'Bristol BS99 9XX',
  phone: '+44 117 555 0119',
  web: 'www.larkspur-translations.example',
  bank: 'Example & Sons Bank',
});

/** Not in the vendors' file. */
export const kometschweif: Company = {
  name: 'Kometschweif Beratung GmbH',
  taxId: 'DE999104079',
  iban: 'DE81900000040008009300',
  email: 'info@kometschweif.example',
  street: 'Sternwarte 99',
  city: '99999 Irgendwo',
  phone: '+49 999 5550 99',
  web: 'www.kometschweif.example',
  bank: 'Milchstraßenbank',
};

/** Who gets the invoices. */
export const buyer = {
  name: 'Musterwerk Maschinenbau AG',
  department: 'Kreditorenbuchhaltung',
  street: 'Beispielallee 1',
  city: '12345 Musterstadt',
  country: 'Germany',
  taxId: 'DE999000121',
} as const;

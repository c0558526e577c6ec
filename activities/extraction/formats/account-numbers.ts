/** Length of an IBAN by country (SWIFT IBAN registry). */
const lengths: Readonly<Record<string, number>> = {
  AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BR: 29, BY: 28, CH: 21, CR: 22, CY: 28, CZ: 24, DE: 22, DK: 18, DO: 28, EE: 20,
  EG: 29, ES: 24, FI: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30,
  KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MD: 24, ME: 22, MK: 19, MR: 27, MT: 31, MU: 30, NL: 18, NO: 15, PK: 24, PL: 28,
  PS: 29, PT: 25, QA: 29, RO: 24, RS: 22, SA: 24, SC: 31, SE: 24, SI: 19, SK: 24, SM: 27, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26, UA: 29, VA: 22, VG: 24, XK: 20,
};

export const ibanLengthOf = (country: string): number | undefined => lengths[country];

/** Whether length and checksum (ISO 7064 mod 97-10) hold. Finds every single wrong character and every swap of two neighbours. */
export function isIban(iban: string): boolean {
  return lengths[iban.slice(0, 2)] === iban.length && /^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban) && mod97(iban.slice(4) + iban.slice(0, 4)) === 1;
}

/** Letters count as 10 to 35. */
export function mod97(text: string): number {
  let rest = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

const bankDigits = /^(?:DE|AT|BE|DK|EE|ES|FI|HR|IS|LT|NO|PL|PT|SE|SI|SK|CZ|HU|LU)$/;
const lookAlikes: Readonly<Record<string, string>> = { O: '0', Q: '0', D: '0', I: '1', L: '1', Z: '2', S: '5', B: '8', G: '6' };

/** What a recogniser may have meant where only digits can stand; the check digits always, the rest where the country has no letters in it. */
export function mendIban(text: string): string {
  const country = text.slice(0, 2);
  const mend = (part: string) => [...part].map((character) => lookAlikes[character] ?? character).join('');
  return country + mend(text.slice(2, 4)) + (bankDigits.test(country) ? mend(text.slice(4)) : text.slice(4));
}

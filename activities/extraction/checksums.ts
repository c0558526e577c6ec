/** Remainder of a number of any length, with letters counted as 10 to 35 (ISO 7064, ISO 13616). */
function mod97(text: string): number {
  let rest = 0;
  for (const letter of text) {
    const value = Number.parseInt(letter, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** Characters of an IBAN by country (SWIFT IBAN registry), for the countries whose suppliers are likely. */
const ibanLengths: Readonly<Record<string, number>> = {
  AT: 20, BE: 16, BG: 22, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FR: 27, GB: 22, GR: 27, HR: 21, HU: 28, IE: 22, IS: 26,
  IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MT: 31, NL: 18, NO: 15, PL: 28, PT: 25, RO: 24, SE: 24, SI: 19, SK: 24, SM: 27, TR: 26,
};

/** `undefined` for a country whose IBANs are not known here. */
export const ibanLength = (country: string): number | undefined => ibanLengths[country];

export function ibanHolds(iban: string): boolean {
  return ibanLengths[iban.slice(0, 2)] === iban.length && mod97(iban.slice(4) + iban.slice(0, 4)) === 1;
}

export interface TaxIdCheck {
  readonly holds: boolean;
  /** How many of all wrong numbers pass all the same. */
  readonly luck: number;
}

/** `undefined` when the country's form has no checksum that is known here; `holds: false` also for a wrong length. */
export function checkTaxId(taxId: string): TaxIdCheck | undefined {
  const check = taxIdChecks[taxId.slice(0, 2)];
  return check && { holds: check.form.test(taxId) && check.holds(taxId.slice(2)), luck: check.luck };
}

const digitsOf = (text: string) => [...text].map(Number);
const weighted = (digits: readonly number[], weights: readonly number[]) => weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0);

const taxIdChecks: Readonly<Record<string, { form: RegExp; luck: number; holds: (rest: string) => boolean }>> = {
  // ISO 7064, mod 11,10.
  DE: {
    form: /^DE[1-9]\d{8}$/,
    luck: 1 / 10,
    holds(rest) {
      let product = 10;
      for (const digit of digitsOf(rest.slice(0, 8))) product = (2 * ((digit + product) % 10 || 10)) % 11;
      return (11 - product) % 10 === Number(rest[8]);
    },
  },
  // Every second digit doubled, with the digits of the product added.
  AT: {
    form: /^ATU\d{8}$/,
    luck: 1 / 10,
    holds(rest) {
      const digits = digitsOf(rest.slice(1));
      const sum = digits.slice(0, 7).reduce((total, digit, at) => total + (at % 2 === 0 ? digit : Math.floor(digit / 5) + ((digit * 2) % 10)), 0);
      return (10 - ((sum + 4) % 10)) % 10 === digits[7];
    },
  },
  // Two schemes: numbers given out since 2010 are 55 off.
  GB: {
    form: /^GB\d{9}(\d{3})?$/,
    luck: 2 / 97,
    holds(rest) {
      const digits = digitsOf(rest);
      const sum = weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + Number(rest.slice(7, 9));
      return sum % 97 === 0 || (sum + 55) % 97 === 0;
    },
  },
  IE: {
    form: /^IE\d{7}[A-W][A-I]?$/,
    luck: 1 / 23,
    holds(rest) {
      const second = rest[8] === undefined ? 0 : rest.charCodeAt(8) - 64;
      return 'WABCDEFGHIJKLMNOPQRSTUV'[(weighted(digitsOf(rest.slice(0, 7)), [8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23] === rest[7];
    },
  },
  // The old scheme weighs the digits, the one since 2020 takes the whole as a number.
  NL: {
    form: /^NL\d{9}B\d{2}$/,
    luck: 1 / 11 + 1 / 97,
    holds: (rest) => weighted(digitsOf(rest.slice(0, 8)), [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === Number(rest[8]) || mod97(`NL${rest}`) === 1,
  },
};

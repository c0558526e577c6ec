import { mod97 } from './account-numbers.ts';

type Check = 'holds' | 'fails' | 'none';

interface Form {
  /** After the country's two letters. */
  readonly shape: RegExp;
  readonly check?: (rest: string) => boolean;
}

const weighted = (digits: string, weights: readonly number[]) => weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);

/** ISO 7064 mod 11,10: Germany and Croatia. */
function mod1110(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

/** Mod 10 with every second digit doubled. */
function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function irish(rest: string): boolean {
  const digits = rest.slice(0, 7);
  const second = rest[8] === undefined || rest[8] === 'W' ? 0 : rest.charCodeAt(8) - 64;
  return 'WABCDEFGHIJKLMNOPQRSTUV'[(weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23] === rest[7];
}

function british(rest: string): boolean {
  const sum = weighted(rest, [8, 7, 6, 5, 4, 3, 2]) + Number(rest.slice(7, 9));
  return sum % 97 === 0 || (sum + 55) % 97 === 0;
}

/** Numbers of sole traders pass mod 97 over letters and all (since 2020), those of companies the older mod 11. */
const dutch = (rest: string) => weighted(rest, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === Number(rest[8]) || mod97(`NL${rest}`) === 1;

const austrian = (rest: string) => {
  const sum = [...rest.slice(1, 8)].reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - ((sum + 4) % 10)) % 10 === Number(rest[8]);
};

/** The VAT numbers whose check digits are public; sources: the EU's VIES formats and the national tax offices' rules. */
const forms: Readonly<Record<string, Form>> = {
  DE: { shape: /^\d{9}$/, check: mod1110 },
  AT: { shape: /^U\d{8}$/, check: austrian },
  BE: { shape: /^[01]\d{9}$/, check: (rest) => 97 - (Number(rest.slice(0, 8)) % 97) === Number(rest.slice(8)) },
  CH: { shape: /^E\d{9}$/ },
  CZ: { shape: /^\d{8,10}$/ },
  DK: { shape: /^\d{8}$/, check: (rest) => weighted(rest, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 },
  EE: { shape: /^\d{9}$/, check: (rest) => weighted(rest, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 },
  ES: { shape: /^[A-Z0-9]\d{7}[A-Z0-9]$/ },
  FI: { shape: /^\d{8}$/, check: (rest) => weighted(rest, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0 },
  FR: { shape: /^[A-Z0-9]{2}\d{9}$/, check: (rest) => (/^\d{2}/.test(rest) ? (12 + 3 * (Number(rest.slice(2)) % 97)) % 97 === Number(rest.slice(0, 2)) : true) },
  GB: { shape: /^\d{9}(?:\d{3})?$/, check: british },
  XI: { shape: /^\d{9}(?:\d{3})?$/, check: british },
  HR: { shape: /^\d{11}$/, check: mod1110 },
  HU: { shape: /^\d{8}$/ },
  IE: { shape: /^\d{7}[A-W][A-IW]?$/, check: irish },
  IT: { shape: /^\d{11}$/, check: luhn },
  LU: { shape: /^\d{8}$/, check: (rest) => Number(rest.slice(0, 6)) % 89 === Number(rest.slice(6)) },
  NL: { shape: /^\d{9}B\d{2}$/, check: dutch },
  PL: { shape: /^\d{10}$/, check: (rest) => weighted(rest, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(rest[9]) },
  PT: { shape: /^\d{9}$/ },
  SE: { shape: /^\d{12}$/, check: (rest) => luhn(rest.slice(0, 10)) },
  SI: { shape: /^\d{8}$/ },
  SK: { shape: /^\d{10}$/, check: (rest) => Number(rest) % 11 === 0 },
  US: { shape: /^\d{9}$/ },
};

/** `undefined` when no country writes its numbers so; `none` where the country's check digits are not known here. */
export function checkTaxId(taxId: string): Check | undefined {
  const form = forms[taxId.slice(0, 2)];
  const rest = taxId.slice(2);
  if (form === undefined || !form.shape.test(rest)) return undefined;
  if (form.check === undefined || /^FR[A-Z]/.test(taxId)) return 'none';
  return form.check(rest) ? 'holds' : 'fails';
}

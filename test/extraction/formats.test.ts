import { describe, expect, it } from '@jest/globals';
import { isIban, mendIban } from '../../activities/extraction/formats/account-numbers.ts';
import { currencyIn, parseAmount, parseRate } from '../../activities/extraction/formats/amounts.ts';
import { parseDate } from '../../activities/extraction/formats/dates.ts';
import { checkTaxId } from '../../activities/extraction/formats/tax-ids.ts';

describe('amounts', () => {
  it.each([
    ['1.838,55', 'EUR', 183855],
    ['1,838.55', 'EUR', 183855],
    ['€1,838.55', 'EUR', 183855],
    ['1.838,55€', 'EUR', 183855],
    ["1'838.55", 'CHF', 183855],
    ['$0.00', 'USD', 0],
    ['EUR1.000.000,00', 'EUR', 100000000],
    ['-12,50', 'EUR', -1250],
    ['110,000', 'JPY', 110000],
    ['12.345', 'KWD', 12345],
  ])('reads %s in %s as %i minor units', (text, currency, minorUnits) => {
    expect(parseAmount(text, currency)).toEqual({ minorUnits, exact: true });
  });

  it('marks what is written without cents', () => {
    expect(parseAmount('1.838,-', 'EUR')).toEqual({ minorUnits: 183800, exact: false });
    expect(parseAmount('1.838', 'EUR')).toEqual({ minorUnits: 183800, exact: false });
  });

  it.each(['19,00%', '1.234.56', '1,234.567,00', '12:30', '4500-1001', 'EUR', '123456789012345678,00', '10,5'])('does not take %s for one', (text) => {
    expect(parseAmount(text, 'EUR')).toBeUndefined();
  });

  it('tells rates and currencies', () => {
    expect([parseRate('19%'), parseRate('(7,7 %)'), parseRate('19')]).toEqual([19, 7.7, undefined]);
    expect(currencyIn('€')).toEqual({ currency: 'EUR', exact: true });
    expect(currencyIn('(USD)')).toEqual({ currency: 'USD', exact: true });
    expect(currencyIn('$1,838.55')).toEqual({ currency: 'USD', exact: false });
    expect(currencyIn('Europa')).toBeUndefined();
  });
});

describe('dates', () => {
  it.each(['05.10.2026', '5.10.26', '2026-10-05', '5. Oktober 2026', '5 October 2026', 'October 5, 2026', '5th Oct 2026', '05-Oct-2026'])('reads %s', (text) => {
    expect(parseDate(text)).toEqual({ iso: '2026-10-05' });
  });

  it('says when day and month may be swapped', () => {
    expect(parseDate('03/04/2026')).toEqual({ iso: '2026-04-03', or: '2026-03-04' });
    expect(parseDate('25/04/2026')).toEqual({ iso: '2026-04-25' });
    expect(parseDate('04/25/2026')).toEqual({ iso: '2026-04-25' });
  });

  it.each(['31.04.2026', '30.02.2026', '5. Foktober 2026', '05.10.1926', '10.2026', '4500-1001'])('does not take %s for one', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });
});

describe('account numbers', () => {
  const iban = 'DE83900000010001417000';

  it('are known by length and checksum', () => {
    expect(isIban(iban)).toBe(true);
    expect(isIban('GB71EXMP99001110711071')).toBe(true);
    expect(isIban(iban.slice(0, -1))).toBe(false);
    expect(isIban('XX83900000010001417000')).toBe(false);
  });

  it('betray every single wrong digit and every swap of neighbours', () => {
    for (let at = 2; at < iban.length; at++) {
      for (let digit = 0; digit < 10; digit++) {
        if (String(digit) !== iban[at]) expect(isIban(iban.slice(0, at) + digit + iban.slice(at + 1))).toBe(false);
      }
      const [here = '', next = ''] = [iban[at], iban[at + 1]];
      if (next !== '' && here !== next) expect(isIban(iban.slice(0, at) + next + here + iban.slice(at + 2))).toBe(false);
    }
  });

  it('are mended only where nothing but a digit can stand', () => {
    expect(mendIban('DE839OOOOOO10001417000')).toBe('DE83900000010001417000');
    expect(mendIban('GB7IEXMP99001110711071')).toBe('GB71EXMP99001110711071');
  });
});

describe('tax ids', () => {
  it.each(['DE999101019', 'IE9991020P', 'NL999106060B47', 'GB999111090', 'ATU13585627', 'BE0428759497', 'DK13585628', 'FI20774740', 'IT00743110157', 'LU15027442', 'PL8567346215', 'FR40303265045', 'SE556188840401', 'HR33392005961'])(
    '%s passes its check',
    (taxId) => expect(checkTaxId(taxId)).toBe('holds'),
  );

  it.each(['DE999101018', 'IE9991020Q', 'NL999106061B47', 'GB999111091', 'ATU13585628', 'IT00743110158'])('%s does not', (taxId) => expect(checkTaxId(taxId)).toBe('fails'));

  it('says where there is nothing to check, and what is none', () => {
    expect(checkTaxId('US991055210')).toBe('none');
    expect(checkTaxId('DE99910101')).toBeUndefined();
    expect(checkTaxId('ZZ999101019')).toBeUndefined();
  });
});

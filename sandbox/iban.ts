/** Whether the check digits of an IBAN without blanks hold (ISO 13616, ISO 7064 MOD 97-10). */
export function ibanChecksumHolds(iban: string): boolean {
  const rotated = iban.slice(4) + iban.slice(0, 4);
  // A letter counts as two digits, A = 10 to Z = 35. Digit by digit, since the whole number is beyond an exact float.
  const digits = rotated.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  let remainder = 0;
  for (const digit of digits) remainder = (remainder * 10 + Number(digit)) % 97;
  return remainder === 1;
}

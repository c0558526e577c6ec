/**
 * Conditions of Temporal's visibility queries. Texts with quotes or backslashes do not survive its two rounds of parsing, whichever way they are
 * escaped (measured with server 1.32.1), and could end their own quotes: they are never put into a query.
 */
export const canBeQueried = (text: string): boolean => !/['"\\\p{Cc}]/u.test(text);

/** @throws Error where the caller did not make sure that the text can be queried */
export function quote(text: string): string {
  if (!canBeQueried(text)) throw new Error(`${JSON.stringify(text)} cannot stand in a visibility query`);
  return `'${text}'`;
}

export const among = (attribute: string, values: readonly string[]): string => `${attribute} IN (${values.map(quote).join(', ')})`;

export const allOf = (...conditions: readonly (string | undefined)[]): string => conditions.filter((one) => one !== undefined).join(' AND ');

/** `closeMonth` as a file is named: `close-month`. */
export const dashed = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

/** `closeMonth` as an environment variable is: `CLOSE_MONTH`. */
export const shouted = (name: string): string => dashed(name).replaceAll('-', '_').toUpperCase();

/** `closeMonth` as people read it: `Close month`. */
export const spoken = (name: string): string => capital(dashed(name).replaceAll('-', ' '));

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
export const small = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** A text as it stands in source. */
export const quoted = (text: string): string => (/^[^'\\\p{Cc}\u2028\u2029]*$/u.test(text) ? `'${text}'` : JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'));

/** Puts words in the place of others, each where it stands and never in what was just put there. */
export function reworded(text: string, words: Readonly<Record<string, string>>): string {
  const placeholders = Object.keys(words).sort((a, b) => b.length - a.length);
  return text.replaceAll(new RegExp(placeholders.join('|'), 'g'), (found) => words[found] ?? found);
}

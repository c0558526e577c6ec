/** The number behind an option of the command line. */
export function whole(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${name} is "${text}": give a whole number`);
}

import { checkTaxId } from '../formats/tax-ids.ts';
import { ibanLengthOf, isIban, mendIban } from '../formats/account-numbers.ts';
import { parseDate } from '../formats/dates.ts';
import type { Doubt, Read } from '../page/found.ts';
import { areApart, textOf, type Word } from '../page/layout.ts';

const inOneRun = (before: Word | undefined, word: Word) => before === undefined || !areApart({ before, word });

/** The words from a place on that stand together, at most so many. */
function runFrom(words: readonly Word[], { at, most }: { at: number; most: number }): Word[] {
  const run: Word[] = [];
  for (const word of words.slice(at, at + most)) {
    if (!inOneRun(run.at(-1), word)) break;
    run.push(word);
  }
  return run;
}

/** A number before one of these counts something. */
const units = /^(?:st(?:ück|k)?\.?|pcs|pieces?|units?|boxes|kg|g|km|m|l|qm|std\.?|stunden|hours?|h|tage?|days?|wochen|weeks?|monate?|months?|von|of|%)$/i;

/** The number of an invoice or of an order. */
export const readNumber: Read = (words, at) => {
  const word = words[at];
  if (word === undefined) return undefined;
  const value = word.text.replace(/[‐‑‒–—]/g, '-').replace(/^[#("'*]+/, '').replace(/[.,;:)"'*_-]+$/, '');
  if (!/^[A-Za-z0-9][A-Za-z0-9/._-]{0,29}$/.test(value) || !/\d/.test(value)) return undefined;
  if (parseDate(value) !== undefined || /^\d+[.,]\d{2}$/.test(value) || checkTaxId(value.toUpperCase()) === 'holds') return undefined;
  const doubts: Doubt[] = [];
  const next = words[at + 1];
  if (next !== undefined && units.test(next.text) && inOneRun(word, next)) return undefined;
  const ended = /[,;:.)]$/.test(word.text);
  if (next !== undefined && !ended && inOneRun(word, next) && /^[-/#]|\d/.test(next.text) && parseDate(next.text) === undefined) doubts.push({ why: `"${next.text}" follows and may belong to it`, atMost: 0.6 });
  if (/[-/_]$/.test(word.text)) doubts.push({ why: 'it breaks off', atMost: 0.6 });
  if (value.length < 3 || /^\d{3}$/.test(value)) doubts.push({ why: 'it is very short', atMost: 0.7 });
  return { value, words: [word], doubts };
};

export const readDate: Read = (words, at) => {
  const run = runFrom(words, { at, most: 4 });
  for (let length = 1; length <= run.length; length++) {
    const part = run.slice(0, length);
    const date = parseDate(textOf(part));
    if (date !== undefined) return { value: date.iso, words: part, doubts: date.or === undefined ? [] : [{ why: `the digits may also mean ${date.or}`, atMost: 0.6 }] };
  }
  return undefined;
};

const compact = (words: readonly Word[]) => textOf(words).toUpperCase().replace(/[^A-Z0-9]/g, '');
const lookAlikes: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1', S: '5', Z: '2', B: '8' };

/** A VAT number; in the reading of a scan, letters that can only be digits are taken as such if the check digit then holds. */
export const readTaxId: Read = (words, at) => {
  const run = runFrom(words, { at, most: 5 });
  if (!/^[A-Z]{2}/.test(run[0]?.text ?? '')) return undefined;
  const parts = run.map((_, index) => run.slice(0, index + 1));
  const plain = parts.map((part) => ({ value: compact(part), words: part }));
  const mended = plain.map(({ value, words: part }) => ({ value: value.slice(0, 2) + [...value.slice(2)].map((letter) => lookAlikes[letter] ?? letter).join(''), words: part }));
  for (const wanted of ['holds', 'none', 'fails'] as const) {
    const found = plain.find(({ value }) => checkTaxId(value) === wanted) ?? (wanted === 'holds' ? mended.find(({ value }) => checkTaxId(value) === 'holds') : undefined);
    if (found === undefined) continue;
    return { ...found, doubts: wanted === 'fails' ? [{ why: 'its check digit does not hold', atMost: 0.3 }] : [] };
  }
  return undefined;
};

/** The words at the beginning that can be groups of an IBAN: capitals and digits, or nearly so when they were recognised. */
function groupsOf(run: readonly Word[]): Word[] {
  const end = run.findIndex(({ text }) => !/^[A-Z0-9]+$/.test(text.replace(/[.,;:)]+$/, '').replace(/[oli](?=.*\d)|(?<=\d.*)[oli]/g, '0')));
  return run.slice(0, end < 0 ? run.length : end);
}

/** An IBAN, in groups or in one piece, within a row. */
export const readIban: Read = (words, at) => {
  const run = groupsOf(runFrom(words, { at, most: 12 }));
  const country = /^(?:IBAN:?)?([A-Z]{2})[0-9OQDILZSBG]{2}/.exec(compact(run))?.[1];
  const length = country === undefined ? undefined : ibanLengthOf(country);
  if (length === undefined || !/^(?:IBAN:?)?[A-Z]{2}/i.test(run[0]?.text ?? '')) return undefined;
  for (let count = 1; count <= run.length; count++) {
    const part = run.slice(0, count);
    const text = compact(part).replace(/^IBAN(?=[A-Z]{2})/, '');
    if (text.length < length) continue;
    if (text.length > length) break;
    if (isIban(text)) return { value: text, words: part };
    const mended = mendIban(text);
    if (isIban(mended)) return { value: mended, words: part, doubts: [{ why: `mended from "${text}"`, atMost: 0.9 }] };
    return { value: text, words: part, doubts: [{ why: 'its checksum does not hold', atMost: 0.3 }] };
  }
  const text = compact(run).replace(/^IBAN(?=[A-Z]{2})/, '').slice(0, 34);
  return text.length > 12 ? { value: text, words: run, doubts: [{ why: `an IBAN of ${country} has ${length} characters`, atMost: 0.2 }] } : undefined;
};

import { z } from 'zod';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
}

const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, words: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { name: 'day of week', min: 0, max: 7, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/** Characters; Temporal keeps the expression as a comment of up to 200 beside what it made of it. */
const longest = 150;

/** A cron expression of five fields. Temporal would also take a step that is never reached, other numbers of fields, and time zones in the text. */
export const CronExpression = z
  .string()
  .max(longest)
  .superRefine((text, context) => {
    const mistake = mistakeIn(text);
    if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake });
  })
  .describe('minute, hour, day of month, month, day of week: `0 2 * * mon-fri`. Where day of month and day of week are both given, both must fit.');

function mistakeIn(text: string): string | undefined {
  const parts = text.split(' ').filter((part) => part !== '');
  if (parts.length !== fields.length) return `has ${parts.length} field${parts.length === 1 ? '' : 's'}; it needs five, parted by blanks: minute, hour, day of month, month, day of week ("30 6 * * mon-fri" is 6:30 on working days)`;
  return fields.flatMap((field, at) => (parts[at] ?? '').split(',').map((entry) => mistakeInEntry({ field, entry }))).find((mistake) => mistake !== undefined);
}

/** `*`, a value, `from-to`; each with `/step` where a stretch is meant. */
function mistakeInEntry({ field, entry }: { field: Field; entry: string }): string | undefined {
  const { name, min, max, words } = field;
  const [, first = '', last, step] = /^(\*|[0-9a-z]+)(?:-([0-9a-z]+))?(?:\/([0-9]{1,4}))?$/i.exec(entry) ?? [];
  if (first === '' || (first === '*' && last !== undefined)) return `${name} "${entry}" is neither "*", nor a value, a stretch (1-5), a step (*/15) or a list of those`;
  const [from, to] = [first === '*' ? min : valueOf({ field, text: first }), last === undefined ? max : valueOf({ field, text: last })];
  const known = `${min} to ${max}${words ? ` or ${words.filter((word) => word !== '').join(', ')}` : ''}`;
  if (from === undefined || to === undefined) return `${name} "${entry}" is not of ${known}`;
  if (to < from) return `${name} "${entry}" ends before it begins`;
  if (step !== undefined && (Number(step) < 1 || Number(step) > to - from)) return `${name} "${entry}" has a step that leads nowhere: it is 1 to ${to - from} here`;
  return undefined;
}

function valueOf({ field: { min, max, words = [] }, text }: { field: Field; text: string }): number | undefined {
  const named = words.indexOf(text.toLowerCase());
  if (named >= 0) return named;
  const value = /^[0-9]{1,2}$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

import type { FaultSpec } from './faults.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `2m`, `1h` in milliseconds; `undefined` for anything else. */
export function parseTime(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : units[unit];
  return number === undefined || factor === undefined ? undefined : Math.round(Number(number) * factor);
}

/**
 * What a person typed after `fault <system>`: `latency 2s for 30s`, `outage 30s`, `error-500 --times 2`.
 *
 * @throws Error, marked as a mistake of who typed it, that says what is expected
 */
export function parseFault(typed: { words: readonly string[]; times?: string; path?: string; silent?: boolean }): FaultSpec {
  const [kind, ...rest] = typed.words;
  if (kind === undefined) throw mistake('name the fault, for example: outage 30s');
  const spec: FaultSpec = {
    kind,
    ...(typed.times === undefined ? {} : { times: count(typed.times) }),
    ...(typed.path === undefined ? {} : { operation: typed.path }),
    ...(typed.silent ? { silent: true } : {}),
  };
  const times = rest.filter((word) => word !== 'for');
  const read = (text: string | undefined) => {
    const time = text === undefined ? undefined : parseTime(text);
    if (text !== undefined && !time) throw mistake(`"${text}" is no time; write 500ms, 30s or 2m`);
    return time;
  };
  if (kind !== 'latency') {
    const [lasts, ...tooMuch] = times;
    if (tooMuch.length > 0) throw mistake(`${kind} takes one time, how long it lasts; "${tooMuch.join(' ')}" is too much`);
    return { ...spec, for: read(lasts) };
  }
  const [wait, lasts, ...tooMuch] = times;
  if (wait === undefined || tooMuch.length > 0) throw mistake('latency takes a delay and, if you like, how long it lasts: latency 2s for 30s');
  return { ...spec, delay: read(wait), for: read(lasts) };
}

function count(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw mistake(`--times takes a whole number from 1, not "${text}"`);
}

/** What the person who typed the command must put right, unlike a bug. */
export const mistake = (words: string): Error => Object.assign(new Error(words), { mistake: true });
export const isMistake = (error: unknown): error is Error => typeof error === 'object' && error !== null && 'mistake' in error;

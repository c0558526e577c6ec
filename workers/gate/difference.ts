import type { Asked } from './asked.ts';

/** Where code of today does something else than a history tells. */
export interface Difference {
  /** The step at which it shows; `undefined` before the first one, or at the end. */
  readonly step: string | undefined;
  readonly why: string;
}

/** Where the two part, for a replay that Temporal's SDK refused, whose words are given. */
export function partingOf({ history, code, told }: { history: readonly Asked[]; code: readonly Asked[]; told: string }): Difference {
  const at = history.findIndex(({ what }, nth) => code[nth]?.what !== what);
  if (at < 0) return { step: code[history.length]?.step ?? lastStep(history), why: told };
  const [then, now] = [history[at], code[at]];
  return { step: then?.step ?? now?.step ?? lastStep(history.slice(0, at)), why: `the history has ${then?.what ?? 'nothing'} where the code asks for ${now?.what ?? 'nothing'} (${told})` };
}

const lastStep = (asked: readonly Asked[]): string | undefined => asked.findLast(({ step }) => step !== undefined)?.step;

/**
 * The first thing that is asked with another content, which no replay notices: the SDK compares ids and types, but no arguments. What the code asks
 * beyond the history is what it would do next.
 */
export function contentChange({ history, code }: { history: readonly Asked[]; code: readonly Asked[] }): Difference | undefined {
  const rest = new Map<string, Asked[]>();
  for (const asked of code) rest.set(asked.what, [...(rest.get(asked.what) ?? []), asked]);
  for (const then of history) {
    const now = rest.get(then.what)?.shift();
    const place = now && then.content !== undefined ? firstApart({ path: '', then: then.content, now: now.content }) : undefined;
    if (place) return { step: then.step, why: `${then.what} is asked with another ${place.path || 'content'}: ${inShort(place.then)} became ${inShort(place.now)}` };
  }
  return undefined;
}

interface Place {
  readonly path: string;
  readonly then: unknown;
  readonly now: unknown;
}

/** The innermost place at which two plain values differ first. They may come from two realms, whose objects have other prototypes. */
function firstApart({ path, then, now }: Place): Place | undefined {
  if (then === now) return undefined;
  if (!isTree(then) || !isTree(now) || Array.isArray(then) !== Array.isArray(now)) return { path, then, now };
  for (const key of new Set([...Object.keys(then), ...Object.keys(now)])) {
    const apart = firstApart({ path: `${path}/${key}`, then: then[key], now: now[key] });
    if (apart) return apart;
  }
  return undefined;
}

const isTree = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const inShort = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80));

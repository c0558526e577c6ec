/** An operation of JSON Patch (RFC 6902); these three are enough to say any difference. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

type Json = Readonly<Record<string, unknown>> | readonly unknown[];

/** The patch that makes one plain JSON value the other. Lists are compared place by place: those here grow at their end. */
export function difference(before: unknown, after: unknown): readonly PatchOperation[] {
  const patch: PatchOperation[] = [];

  const compare = ({ from, to, path }: { from: unknown; to: unknown; path: string }): void => {
    if (from === to) return;
    if (!isJson(from) || !isJson(to) || Array.isArray(from) !== Array.isArray(to)) return void patch.push({ op: 'replace', path, value: to });
    if (Array.isArray(from) && Array.isArray(to)) compareLists({ from, to, path });
    else compareObjects({ from: from as Readonly<Record<string, unknown>>, to: to as Readonly<Record<string, unknown>>, path });
  };

  const compareLists = ({ from, to, path }: { from: readonly unknown[]; to: readonly unknown[]; path: string }): void => {
    const both = Math.min(from.length, to.length);
    for (let at = 0; at < both; at++) compare({ from: from[at], to: to[at], path: `${path}/${at}` });
    // From the end, so that each place is still the one that is meant.
    for (let at = from.length - 1; at >= both; at--) patch.push({ op: 'remove', path: `${path}/${at}` });
    for (let at = both; at < to.length; at++) patch.push({ op: 'add', path: `${path}/${at}`, value: to[at] });
  };

  const compareObjects = ({ from, to, path }: { from: Readonly<Record<string, unknown>>; to: Readonly<Record<string, unknown>>; path: string }): void => {
    for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch.push({ op: 'remove', path: `${path}/${escape(key)}` });
    for (const [key, value] of Object.entries(to)) {
      const at = `${path}/${escape(key)}`;
      if (Object.hasOwn(from, key)) compare({ from: from[key], to: value, path: at });
      else patch.push({ op: 'add', path: at, value });
    }
  };

  compare({ from: before, to: after, path: '' });
  return patch;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

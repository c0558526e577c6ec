/** What answers have shown so far, by the name under which it stood: the way to values that mean something to the API. */
export interface Known {
  learn(value: unknown): void;
  /** Values that stood under this name. */
  named(name: string): readonly unknown[];
  readonly words: readonly string[];
  /** Paths of the API that answers linked to. */
  readonly links: readonly string[];
}

/** Values of one name that are kept, and words in all. */
const [mostOfName, mostWords] = [40, 400];

export function createKnown(): Known {
  const byName = new Map<string, unknown[]>();
  const words = new Set<string>();
  const links = new Set<string>();
  const learn = (value: unknown): void => {
    if (typeof value === 'string' && value.startsWith('/api/')) links.add(value);
    else if (typeof value === 'string' && value.length <= 200 && words.size < mostWords) words.add(value);
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) {
        const values = byName.get(name) ?? [];
        const text = JSON.stringify(inner);
        if (values.length < mostOfName && text.length < 2_000 && !values.some((other) => JSON.stringify(other) === text)) byName.set(name, [...values, inner]);
      }
      learn(inner);
    }
  };
  return {
    learn,
    named: (name) => byName.get(name) ?? [],
    get words() {
      return [...words];
    },
    get links() {
      return [...links];
    },
  };
}

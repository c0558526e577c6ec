/** Refuses a name that could not serve as an id everywhere (Temporal, URLs, the map, the record). */
export function assertName({ what, name, pattern, example }: { what: string; name: string; pattern: RegExp; example: string }): void {
  if (!pattern.test(name)) throw new Error(`${what} name "${name}" must match ${pattern.source}, for example "${example}"`);
}

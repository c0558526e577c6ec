import type ts from 'typescript';
import { bodyOf, elementsOf, type Import, moduleOf, namedImports, parse, type Source, takesValues } from './source.ts';

interface Edit {
  readonly at: number;
  readonly insert: string;
}

interface Joining {
  readonly file: string;
  /** The module as it is; `undefined` when there is none yet. */
  readonly before: string | undefined;
  /** A module whose body is to come after it. */
  readonly piece: string;
}

/**
 * Puts a module's body after another's, and joins their imports; those that the body does not use are left out.
 *
 * @throws Error when a name is taken there by something else
 */
export function joined({ file, before, piece }: Joining): string {
  const added = parse({ file, text: piece });
  const body = bodyOf(added);
  const wanted = namedImports(added).map(({ module, names }) => ({ module, names: names.filter((name) => new RegExp(`\\b${name}\\b`).test(body)).sort() }));
  const needed = wanted.filter(({ names }) => names.length > 0);
  if (before === undefined) return `${needed.map(lineOf).join('\n')}\n\n${body}\n`;

  const there = parse({ file, text: before });
  refuseTaken({ file, there, added, needed });
  const edits = needed.flatMap((one) => importEdits({ there, one }));
  // From the end, so that the places before stay right; of two at one place the second first.
  const changed = edits.reverse().sort((a, b) => b.at - a.at).reduce((text, { at, insert }) => text.slice(0, at) + insert + text.slice(at), before);
  const text = `${changed.trimEnd()}\n\n${body}\n`;
  return before.includes('\r\n') ? text.replaceAll(/\r?\n/g, '\r\n') : text;
}

function refuseTaken({ file, there, added, needed }: { file: string; there: Source; added: Source; needed: readonly Import[] }): void {
  const imported = new Set(namedImports(added).flatMap(({ names }) => names));
  const again = added.names.find((name) => !imported.has(name) && there.names.includes(name));
  if (again !== undefined) throw new Error(`${file} has a "${again}" already: choose another name`);
  const other = needed.flatMap(({ module, names }) => names.filter((name) => there.names.includes(name) && !isImported({ there, module, name })))[0];
  if (other !== undefined) throw new Error(`${file} uses the name "${other}" for something of its own; what is added needs it for the one that is imported. Rename it there first`);
}

function isImported({ there, module, name }: { there: Source; module: string; name: string }): boolean {
  return there.imports.filter((one) => moduleOf(one) === module && takesValues(one)).some((one) => elementsOf(one).some((element) => element.name.text === name && !element.propertyName && !element.isTypeOnly));
}

/** Into the braces of the import that is there, in alphabetical order where it has one; else as a line of its own, packages before files. */
function importEdits({ there, one: { module, names } }: { there: Source; one: Import }): Edit[] {
  const missing = names.filter((name) => !isImported({ there, module, name }));
  if (missing.length === 0) return [];
  const open = there.imports.find((one) => moduleOf(one) === module && takesValues(one));
  const elements = open === undefined ? [] : elementsOf(open);
  if (elements.length > 0) return missing.map((name) => intoBraces({ elements, name }));
  const line = lineOf({ module, names: missing });
  const last = there.imports.at(-1);
  if (last === undefined || !module.startsWith('.')) return [{ at: there.imports[0]?.getStart() ?? 0, insert: `${line}\n` }];
  return [{ at: last.end, insert: `\n${line}` }];
}

function intoBraces({ elements, name }: { elements: readonly ts.ImportSpecifier[]; name: string }): Edit {
  const next = elements.find((element) => element.name.text > name);
  return next ? { at: next.getStart(), insert: `${name}, ` } : { at: elements.at(-1)?.end ?? 0, insert: `, ${name}` };
}

const lineOf = ({ module, names }: Import): string => `import { ${names.join(', ')} } from '${module}';`;

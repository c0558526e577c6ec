import ts from 'typescript';

export interface Import {
  readonly module: string;
  readonly names: readonly string[];
}

export interface Source {
  readonly text: string;
  readonly imports: readonly ts.ImportDeclaration[];
  /** Every name that the module binds at its top, as often as it does. */
  readonly names: readonly string[];
}

/** A module as its syntax shows it. @throws Error when it cannot be read as TypeScript */
export function parse({ file, text }: { file: string; text: string }): Source {
  const [wrong] = ts.transpileModule(text, { reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext } }).diagnostics ?? [];
  if (wrong) throw new Error(`${file} cannot be read: ${ts.flattenDiagnosticMessageText(wrong.messageText, ' ')}. Mend it first`);
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const imports = statements.filter(ts.isImportDeclaration);
  return { text, imports, names: [...imports.flatMap(bound), ...statements.flatMap(declared)] };
}

/** What comes after the imports. */
export function bodyOf({ text, imports }: Source): string {
  return text.slice(imports.at(-1)?.end ?? 0).trim();
}

/** The named values that are imported; everything that templates import is. */
export function namedImports({ imports }: Source): Import[] {
  return imports.map((one) => ({ module: moduleOf(one), names: elementsOf(one).map(({ name }) => name.text) }));
}

export const moduleOf = ({ moduleSpecifier }: ts.ImportDeclaration): string => (ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '');

export function elementsOf({ importClause }: ts.ImportDeclaration): readonly ts.ImportSpecifier[] {
  const bindings = importClause?.namedBindings;
  return bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
}

/** Whether values can be added to its braces. */
export const takesValues = ({ importClause }: ts.ImportDeclaration): boolean =>
  importClause?.namedBindings !== undefined && ts.isNamedImports(importClause.namedBindings) && importClause.phaseModifier !== ts.SyntaxKind.TypeKeyword;

/** Words that cannot name a constant of a module. */
export function isReserved(name: string): boolean {
  const kind = ts.createScanner(ts.ScriptTarget.ES2023, false, ts.LanguageVariant.Standard, name).scan();
  const { FirstReservedWord, LastReservedWord, FirstFutureReservedWord, LastFutureReservedWord, AwaitKeyword } = ts.SyntaxKind;
  return (kind >= FirstReservedWord && kind <= LastReservedWord) || (kind >= FirstFutureReservedWord && kind <= LastFutureReservedWord) || kind === AwaitKeyword;
}

function bound({ importClause }: ts.ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings;
  const whole = bindings && ts.isNamespaceImport(bindings) ? [bindings.name.text] : [];
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [];
  return [...(importClause?.name ? [importClause.name.text] : []), ...whole, ...named];
}

function declared(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap(({ name }) => namesIn(name));
  const named = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  return named && statement.name ? [statement.name.text] : exported(statement);
}

function exported(statement: ts.Statement): string[] {
  const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
  return clause && ts.isNamedExports(clause) && ts.isExportDeclaration(statement) && statement.moduleSpecifier ? clause.elements.map(({ name }) => name.text) : [];
}

const namesIn = (name: ts.BindingName): string[] => (ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name))));

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { repository } from '../../platform/repository.ts';
import { data, type KitFunction, kitFunctions, type Scope, type Value } from './values.ts';

/** Where the names of these come from; who writes a flow may call them otherwise. */
const kit: Readonly<Record<KitFunction, string>> = {
  parallel: join(repository, 'workflows/kit/parallel.ts'),
  race: join(repository, 'workflows/kit/race.ts'),
  forEach: join(repository, 'workflows/kit/for-each.ts'),
  rejected: join(repository, 'contracts/failures.ts'),
};
/** What is plain data and schemas, and what the map shows as one thing: nothing in them is followed. */
const unfollowed = [join(repository, 'contracts/'), join(repository, 'workflows/kit/')];

export interface Module {
  readonly source: ts.SourceFile;
  readonly scope: Scope;
  /** The initializer of an exported constant, wherever it stands. */
  exported(name: string): ts.Expression | undefined;
}

export type Modules = ReturnType<typeof createModules>;

/** Reads modules of the repository when they are first come upon. */
export function createModules() {
  const known = new Map<string, Module>();

  const load = (file: string): Module => {
    const found = known.get(file);
    if (found) return found;
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const declared = declarationsOf(source);
    const values = new Map<string, Value>();
    const scope: Scope = {
      names: values,
      outer: undefined,
      find(name) {
        const declaration = declared.get(name);
        if (!declaration) return undefined;
        const value = 'from' in declaration ? imported(declaration) : valueOf(declaration.node, scope);
        values.set(name, value);
        return value;
      },
    };
    const one: Module = { source, scope, exported: (name) => exported({ module: one, declared, name }) };
    known.set(file, one);
    return one;
  };

  const imported = ({ from, name }: Imported): Value => {
    const builtIn = kitFunctions.find((one) => one === name && kit[one] === from);
    if (builtIn) return { is: 'kit', name: builtIn };
    if (from === undefined || name === undefined || unfollowed.some((folder) => from.startsWith(folder))) return data;
    return load(from).scope.find?.(name) ?? data;
  };

  const exported = ({ module: { source }, declared, name }: { module: Module; declared: ReadonlyMap<string, Declared>; name: string }): ts.Expression | undefined => {
    const again = reExportsOf(source).find((one) => one.as === name);
    if (again?.from !== undefined) return load(again.from).exported(again.name);
    const declaration = declared.get(again?.name ?? name);
    return declaration && 'node' in declaration && ts.isExpression(declaration.node) ? declaration.node : undefined;
  };

  return {
    load,
    /** The names of all that a module exports by name. */
    namesOf: (file: string): readonly string[] => {
      const { source } = load(file);
      return [...reExportsOf(source).map(({ as }) => as), ...source.statements.filter(isExported).flatMap((one) => (ts.isVariableStatement(one) ? one.declarationList.declarations.map(({ name }) => name.getText()) : []))];
    },
  };
}

interface Imported {
  /** The file; `undefined` for a package. */
  readonly from: string | undefined;
  /** `undefined` for all of a module. */
  readonly name: string | undefined;
}
type Declared = Imported | { readonly node: ts.Expression | ts.FunctionDeclaration };

const fileOf = (specifier: ts.Expression): string | undefined => {
  if (!ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return undefined;
  return join(dirname(specifier.getSourceFile().fileName), specifier.text);
};

function declarationsOf(source: ts.SourceFile): ReadonlyMap<string, Declared> {
  const found = new Map<string, Declared>();
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) found.set(statement.name.text, { node: statement });
    if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) if (ts.isIdentifier(name) && initializer) found.set(name.text, { node: initializer });
    }
    if (!ts.isImportDeclaration(statement) || statement.importClause === undefined) continue;
    const from = fileOf(statement.moduleSpecifier);
    const { namedBindings } = statement.importClause;
    if (namedBindings && ts.isNamedImports(namedBindings)) {
      for (const { name, propertyName } of namedBindings.elements) found.set(name.text, { from, name: (propertyName ?? name).text });
    } else if (namedBindings) {
      found.set(namedBindings.name.text, { from, name: undefined });
    }
  }
  return found;
}

function reExportsOf(source: ts.SourceFile): readonly { readonly as: string; readonly name: string; readonly from: string | undefined }[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause)) return [];
    const from = statement.moduleSpecifier && fileOf(statement.moduleSpecifier);
    return statement.exportClause.elements.map(({ name, propertyName }) => ({ as: name.text, name: (propertyName ?? name).text, from }));
  });
}

const isExported = (statement: ts.Statement): boolean => ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;

/** What a constant of a module is, without running anything. */
export function valueOf(node: ts.Expression | ts.FunctionDeclaration, scope: Scope): Value {
  if (ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return { is: 'function', node, scope };
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)) return valueOf(node.expression, scope);
  if (!ts.isObjectLiteralExpression(node)) return data;
  const entries = node.properties.flatMap((one): [string, Value][] => {
    if (ts.isPropertyAssignment(one)) return [[one.name.getText().replace(/^['"]|['"]$/g, ''), valueOf(one.initializer, scope)]];
    return ts.isMethodDeclaration(one) ? [[one.name.getText(), { is: 'function', node: one, scope }]] : [];
  });
  return { is: 'group', entries: new Map(entries) };
}

import type ts from 'typescript';

/** A function of the source that is followed into. */
export type FollowedFunction = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration | ts.MethodDeclaration;

/** What the reader knows of an expression's value. Whatever cannot lead to a step is `data`. */
export type Value =
  | { readonly is: 'data' }
  | { readonly is: 'step'; readonly step: string }
  /** The flow's second parameter. */
  | { readonly is: 'steps' }
  | { readonly is: 'function'; readonly node: FollowedFunction; readonly scope: Scope }
  | { readonly is: 'kit'; readonly name: KitFunction }
  /** Of an object or array literal, by key. */
  | { readonly is: 'group'; readonly entries: ReadonlyMap<string, Value> }
  | { readonly is: 'oneOf'; readonly asks: string; readonly options: readonly { readonly label: string; readonly value: Value }[] }
  /** Of something that was begun, and is not awaited yet. */
  | { readonly is: 'pending'; readonly region: string };

export const kitFunctions = ['parallel', 'forEach', 'race', 'rejected'] as const;
export type KitFunction = (typeof kitFunctions)[number];

export const data: Value = { is: 'data' };

export interface Scope {
  readonly names: Map<string, Value>;
  readonly outer: Scope | undefined;
  /** Of a module: what its imports and declarations stand for, found when they are asked for. */
  readonly find?: (name: string) => Value | undefined;
}

export const scopeIn = (outer: Scope): Scope => ({ names: new Map(), outer });

export function lookUp(scope: Scope | undefined, name: string): Value {
  for (let one = scope; one; one = one.outer) {
    const found = one.names.get(name) ?? one.find?.(name);
    if (found) return found;
  }
  return data;
}

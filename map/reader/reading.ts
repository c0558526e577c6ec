import type ts from 'typescript';
import type { MapRegion } from '../../contracts/process-map.ts';
import type { Drawing } from './drawing.ts';
import type { Frame } from './frames.ts';
import { isLiving } from './touches.ts';
import { textOf } from './syntax.ts';
import { Unreadable } from './unreadable.ts';
import { data, type Scope, type Value } from './values.ts';

/** How an expression is used. */
export interface How {
  /** Whether its value is awaited as soon as it is there. */
  readonly awaited?: boolean;
}

/** A call of something that is known, with what it is given. */
export interface Given {
  readonly node: ts.CallExpression;
  readonly given: readonly Value[];
  readonly how: How;
}

/** A loop that asks before or after each round. */
export interface Looping {
  readonly node: ts.Node;
  readonly scope: Scope;
  readonly label: string | undefined;
  readonly asks: ts.Expression | undefined;
  readonly body: ts.Statement;
  readonly asksLast?: boolean;
  readonly after?: ts.Expression | undefined;
}

/** A call that begins several, such as `parallel`: with the scope in which it stands. */
export interface Several {
  readonly node: ts.CallExpression;
  readonly argument: ts.Expression;
  readonly scope: Scope;
  readonly how: How;
}

/** What the parts of the reader ask of each other. Each draws what it comes upon behind what is open. */
export interface Reading {
  readonly drawing: Drawing;
  /** The function that is being read. */
  readonly frame: { current: Frame | undefined };
  here(): Frame;
  /** The statements of a block, as far as they can be reached. */
  all(statements: readonly ts.Statement[], scope: Scope): void;
  statement(node: ts.Statement, scope: Scope, label?: string): void;
  declare(list: ts.VariableDeclarationList, scope: Scope): void;
  bind(name: ts.BindingName, given: Value, scope: Scope): void;
  /** What is known of a member of a value; `undefined` where it has none of this name. */
  member(of: Value, name: string): Value | undefined;
  choose(choice: { readonly node: ts.Node; readonly asks: ts.Expression; readonly scope: Scope; readonly yes: () => void; readonly no: () => void }): void;
  guarded(attempt: { readonly at: ts.Node; readonly work: () => void; readonly handle: () => void }): void;
  loop(looping: Looping): void;
  loopOver(node: ts.ForOfStatement | ts.ForInStatement, scope: Scope, label: string | undefined): void;
  value(node: ts.Expression, scope: Scope, how?: How): Value;
  /** One of those in a list or an object that can lead to a step. */
  oneOf(of: Value, asks: string): Value;
  /** One value for several ways to it. */
  joined(given: readonly Value[], at: ts.Node): Value;
  lookUpCallee(node: ts.CallExpression, scope: Scope): Value;
  call(node: ts.CallExpression, scope: Scope, how: How): Value;
  callKnown(callee: Value, call: Given): Value;
  /** Reads a function at the place where it is called. */
  follow(callee: Extract<Value, { is: 'function' }>, given: readonly Value[], at: ts.Node): Value;
  /** Waits for what was begun, if the value is of such. */
  awaited(given: Value, node: ts.Node): Value;
  /** Work that runs beside what comes next, until it is awaited. */
  beside(node: ts.Node, work: () => void): Value;
  forked(several: Several & { readonly cancels: boolean }): Value;
  raced(several: Several): Value;
  many(several: { readonly node: ts.CallExpression; readonly members: ts.Expression; readonly each: Value; readonly scope: Scope; readonly how: How; readonly more: Partial<MapRegion> }): Value;
}

/** @throws Unreadable */
export function refuse(node: ts.Node, reason: string, remedy: string): never {
  throw new Unreadable({ node, reason, remedy });
}

/** What leads to a step must not get to where nobody follows it. */
export function plain(value: Value, node: ts.Expression): Value {
  if (isLiving(value)) refuse(node, `"${textOf(node)}" leads to a step, and goes where the map cannot follow it`, 'Call the step here, or in a function of the flow that is called by its name');
  return data;
}

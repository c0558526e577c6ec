import ts from 'typescript';
import { type FollowedFunction, lookUp, type Scope, type Value } from './values.ts';

/** Functions whose answer is being found; one that calls itself adds nothing to its own. */
const asked = new Set<FollowedFunction>();

/** Whether a value can lead to a step, or to the end of what calls it. */
export function isLiving(value: Value): boolean {
  if (value.is === 'data') return false;
  if (value.is === 'group') return [...value.entries.values()].some(isLiving);
  if (value.is === 'oneOf') return value.options.some((one) => isLiving(one.value));
  if (value.is === 'function') return leadsOn(value);
  // A step, what gives steps, and what was begun; `rejected` alone does nothing before it is thrown.
  return value.is !== 'kit' || value.name !== 'rejected';
}

function leadsOn({ node, scope }: Extract<Value, { is: 'function' }>): boolean {
  if (asked.has(node) || !node.body) return false;
  asked.add(node);
  try {
    return touches(node.body, scope);
  } finally {
    asked.delete(node);
  }
}

/** Whether the map has anything to show of this code: steps that it leads to, or that it may end by throwing. */
export function touches(node: ts.Node, scope: Scope): boolean {
  if (ts.isThrowStatement(node)) return true;
  if (ts.isIdentifier(node)) return !isNameOnly(node) && isLiving(lookUp(scope, node.text));
  if (ts.isTypeNode(node)) return false;
  return ts.forEachChild(node, (child) => touches(child, scope) || undefined) === true;
}

/** Whether this code may leave its function, or the loop around it. */
export function jumps(node: ts.Node): boolean {
  if (ts.isReturnStatement(node) || ts.isBreakStatement(node) || ts.isContinueStatement(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => jumps(child) || undefined) === true;
}

/** A key or a member's name stands for nothing by itself. */
function isNameOnly(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) return parent.name === node;
  return ts.isBindingElement(parent) && parent.propertyName === node;
}

import ts from 'typescript';
import { type How, plain, type Reading, refuse } from './reading.ts';
import { keyOf, peeled, textOf } from './syntax.ts';
import { isLiving, touches } from './touches.ts';
import { data, lookUp, type Scope, type Value } from './values.ts';

/** Expressions: which value they have, as far as it can lead to a step, and what their parts ask on the way. */
export function createExpressions(read: Reading): Pick<Reading, 'value' | 'oneOf' | 'joined'> {
  /** One of those in a list or an object that can lead to a step. */
  const oneOf = (of: Value, asks: string): Value => {
    if (of.is !== 'group') return data;
    const options = [...of.entries].map(([label, one]) => ({ label, value: one }));
    return options.some((one) => isLiving(one.value)) ? { is: 'oneOf', asks, options } : data;
  };

  const value = (node: ts.Expression, scope: Scope, how: How = {}): Value => {
    if (ts.isIdentifier(node)) return lookUp(scope, node.text);
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) return value(node.expression, scope, how);
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return { is: 'function', node, scope };
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return access(node, scope);
    if (!touches(node, scope)) return data;
    if (ts.isAwaitExpression(node)) return read.awaited(value(node.expression, scope, { awaited: true }), node);
    if (ts.isCallExpression(node)) return read.call(node, scope, how);
    if (ts.isConditionalExpression(node)) return conditional(node, scope, how);
    if (ts.isObjectLiteralExpression(node)) return objectOf(node, scope);
    if (ts.isArrayLiteralExpression(node)) return { is: 'group', entries: new Map(node.elements.map((one, at) => [String(at), ts.isSpreadElement(one) ? plain(value(one.expression, scope), one) : value(one, scope)])) };
    if (ts.isVoidExpression(node)) return value(node.expression, scope) && data;
    if (ts.isBinaryExpression(node)) return binary(node, scope);
    if (ts.isFunctionLike(node) || ts.isClassExpression(node) || ts.isYieldExpression(node)) return refuse(node, 'the map cannot show this', 'Write it as a function that is called by its name');
    return parts(node, scope);
  };

  /** Whatever its parts are, its value is plain. */
  const parts = (node: ts.Node, scope: Scope): Value => {
    ts.forEachChild(node, (child) => {
      if (ts.isExpression(child)) plain(value(child, scope), child);
      else if (!ts.isTypeNode(child)) parts(child, scope);
    });
    return data;
  };

  const access = (node: ts.PropertyAccessExpression | ts.ElementAccessExpression, scope: Scope): Value => {
    const of = value(node.expression, scope);
    const key = ts.isPropertyAccessExpression(node) ? node.name.text : ts.isStringLiteralLike(node.argumentExpression) || ts.isNumericLiteral(node.argumentExpression) ? node.argumentExpression.text : undefined;
    if (!ts.isPropertyAccessExpression(node)) plain(value(node.argumentExpression, scope), node.argumentExpression);
    if (key !== undefined) return read.member(of, key) ?? (isLiving(of) ? refuse(node, `"${textOf(node.expression)}" has no "${key}" that the map knows`, 'Name one of its own') : data);
    if (of.is === 'steps') return refuse(node, 'which step this is, is known only when it runs', 'Choose with if or switch, and name the step');
    return oneOf(of, ts.isElementAccessExpression(node) ? textOf(node.argumentExpression) : '');
  };

  const objectOf = (node: ts.ObjectLiteralExpression, scope: Scope): Value => {
    const entries = new Map<string, Value>();
    for (const one of node.properties) {
      if (ts.isSpreadAssignment(one)) plain(value(one.expression, scope), one.expression);
      else if (ts.isShorthandPropertyAssignment(one)) entries.set(one.name.text, lookUp(scope, one.name.text));
      else if (ts.isMethodDeclaration(one)) entries.set(one.name.getText(), { is: 'function', node: one, scope });
      else if (ts.isPropertyAssignment(one)) entries.set(keyOf(one.name), value(one.initializer, scope));
      else refuse(one, 'the map cannot show what is worked out when it is read', 'Write a property');
    }
    return { is: 'group', entries };
  };

  const conditional = (node: ts.ConditionalExpression, scope: Scope, how: How): Value => {
    const sides = [node.whenTrue, node.whenFalse] as const;
    // Only a choice between what may be called later.
    if (sides.every((side) => isReference(side))) {
      plain(value(node.condition, scope), node.condition);
      const [yes, no] = sides.map((side) => value(side, scope)) as [Value, Value];
      return isLiving(yes) || isLiving(no) ? { is: 'oneOf', asks: textOf(node.condition), options: [{ label: 'yes', value: yes }, { label: 'no', value: no }] } : data;
    }
    if (!sides.some((side) => touches(side, scope))) return plain(value(node.condition, scope), node.condition);
    const given: Value[] = [];
    read.choose({ node, asks: node.condition, scope, yes: () => void given.push(value(node.whenTrue, scope, how)), no: () => void given.push(value(node.whenFalse, scope, how)) });
    return joined(given, node);
  };

  const binary = (node: ts.BinaryExpression, scope: Scope): Value => {
    const { left, right, operatorToken } = node;
    const isShort = [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(operatorToken.kind);
    if (isShort && touches(right, scope)) {
      read.choose({ node, asks: left, scope, yes: () => void (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken && plain(value(right, scope), right)), no: () => void (operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken && plain(value(right, scope), right)) });
      return data;
    }
    if (operatorToken.kind === ts.SyntaxKind.CommaToken) {
      value(left, scope);
      return value(right, scope);
    }
    const isAssignment = operatorToken.kind >= ts.SyntaxKind.FirstAssignment && operatorToken.kind <= ts.SyntaxKind.LastAssignment;
    if (!isAssignment) plain(value(left, scope), left);
    return plain(value(right, scope), right);
  };

  /** One value for several ways to it. */
  const joined = (given: readonly Value[], at: ts.Node): Value => {
    const living = given.filter(isLiving);
    if (living.length === 0) return data;
    const [only] = living;
    if (given.length === 1 && only) return only;
    return refuse(at, 'what this gives leads to a step in one case, and not in another', 'Await it in each case');
  };

  return { value, oneOf, joined };
}

const isReference = (node: ts.Expression): boolean => {
  const bare = peeled(node);
  return ts.isIdentifier(bare) || ts.isPropertyAccessExpression(bare) || bare.kind === ts.SyntaxKind.NullKeyword;
};

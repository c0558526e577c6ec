import ts from 'typescript';
import type { Drawing } from './drawing.ts';
import { inside, leave } from './frames.ts';
import { plain, type Reading, refuse } from './reading.ts';
import { textOf } from './syntax.ts';
import { isLiving, jumps, touches } from './touches.ts';
import { data, type Scope, scopeIn, type Value } from './values.ts';

/** Statements: what they lead to, and out of what. */
export function createStatements(read: Reading): Pick<Reading, 'all' | 'statement' | 'declare' | 'bind' | 'member' | 'choose' | 'guarded'> {
  const { drawing } = read;

  const all = (statements: readonly ts.Statement[], scope: Scope): void => {
    for (const one of statements) if (ts.isFunctionDeclaration(one) && one.name) scope.names.set(one.name.text, { is: 'function', node: one, scope });
    for (const one of statements) if (drawing.goesOn()) statement(one, scope);
  };

  const statement = (node: ts.Statement, scope: Scope, label?: string): void => {
    if (ts.isVariableStatement(node)) return declare(node.declarationList, scope);
    if (ts.isFunctionDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return undefined;
    if (!touches(node, scope) && !jumps(node)) return undefined;
    if (ts.isBlock(node)) return all(node.statements, scopeIn(scope));
    if (ts.isExpressionStatement(node)) return void read.value(node.expression, scope);
    if (ts.isIfStatement(node)) return choose({ node, asks: node.expression, scope, yes: () => statement(node.thenStatement, scope), no: () => node.elseStatement && statement(node.elseStatement, scope) });
    if (ts.isSwitchStatement(node)) return switchOver(node, scope);
    if (ts.isReturnStatement(node)) return returnFrom(node, scope);
    if (ts.isThrowStatement(node)) return throwOut(node, scope);
    if (ts.isTryStatement(node)) return attempt(node, scope);
    if (ts.isLabeledStatement(node)) return statement(node.statement, scope, node.label.text);
    if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) return jump(node);
    if (ts.isWhileStatement(node)) return read.loop({ node, scope, label, asks: node.expression, body: node.statement });
    if (ts.isDoStatement(node)) return read.loop({ node, scope, label, asks: node.expression, body: node.statement, asksLast: true });
    if (ts.isForStatement(node)) {
      const inner = scopeIn(scope);
      if (node.initializer && ts.isVariableDeclarationList(node.initializer)) declare(node.initializer, inner);
      else if (node.initializer) read.value(node.initializer, inner);
      return read.loop({ node, scope: inner, label, asks: node.condition, body: node.statement, after: node.incrementor });
    }
    if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return read.loopOver(node, scope, label);
    return refuse(node, `the map cannot show this kind of statement (${ts.SyntaxKind[node.kind]})`, 'Write it with if, switch, a loop, try, or a function');
  };

  const declare = (list: ts.VariableDeclarationList, scope: Scope): void => {
    for (const { name, initializer } of list.declarations) {
      const given = initializer ? read.value(initializer, scope) : data;
      if (isLiving(given) && !(list.flags & ts.NodeFlags.Const)) refuse(list, `"${textOf(name)}" leads to a step, and may come to mean something else`, 'Declare it with const');
      bind(name, given, scope);
    }
  };

  const bind = (name: ts.BindingName, given: Value, scope: Scope): void => {
    if (ts.isIdentifier(name)) return void scope.names.set(name.text, given);
    for (const one of name.elements) {
      if (ts.isOmittedExpression(one)) continue;
      const key = one.propertyName ?? one.name;
      const part = one.dotDotDotToken ? (given.is === 'steps' ? given : data) : ts.isIdentifier(key) || ts.isStringLiteral(key) ? member(given, key.text) : data;
      bind(one.name, part ?? data, scope);
    }
  };

  /** What is known of a member of a value; `undefined` where it has none of this name. */
  const member = (of: Value, name: string): Value | undefined => {
    if (of.is === 'steps') return { is: 'step', step: name };
    return of.is === 'group' ? of.entries.get(name) : data;
  };

  const choose = ({ node, asks, scope, yes, no }: { node: ts.Node; asks: ts.Expression; scope: Scope; yes: () => void; no: () => void }): void => {
    plain(read.value(asks, scope), asks);
    const from = drawing.draw({ kind: 'choice', label: textOf(asks), at: node });
    const ends = [
      { label: 'yes', work: yes },
      { label: 'no', work: no },
    ].flatMap(({ label, work }) => {
      drawing.set([{ from, label }]);
      work();
      return drawing.take();
    });
    drawing.set(ends);
  };

  const switchOver = (node: ts.SwitchStatement, scope: Scope): void => {
    plain(read.value(node.expression, scope), node.expression);
    const from = drawing.draw({ kind: 'choice', label: textOf(node.expression), at: node });
    drawing.set([]);
    const inner = scopeIn(scope);
    const { breaks } = inside(read.here(), { kind: 'switch', breaks: [] }, () => {
      let labels: string[] = [];
      for (const clause of node.caseBlock.clauses) {
        labels.push(ts.isDefaultClause(clause) ? 'otherwise' : textOf(clause.expression).replace(/^'(.*)'$/, '$1'));
        // Cases that stand together are one; and one without a break goes on into the next.
        if (clause.statements.length === 0) continue;
        drawing.set([...drawing.take(), { from, label: labels.join(' or ') }]);
        labels = [];
        all(clause.statements, inner);
      }
    });
    const isTotal = node.caseBlock.clauses.some(ts.isDefaultClause);
    drawing.set([...drawing.take(), ...breaks, ...(isTotal || isExhaustive(node) ? [] : [{ from, label: 'otherwise' }])]);
  };

  const returnFrom = (node: ts.ReturnStatement, scope: Scope): void => {
    const given = node.expression ? read.value(node.expression, scope, { awaited: true }) : data;
    const { values, returns } = read.here();
    values.push(given);
    leave({ frame: read.here(), drawing, isTarget: () => false, to: () => returns });
  };

  const jump = (node: ts.BreakOrContinueStatement): void => {
    const continues = ts.isContinueStatement(node);
    const isTarget = (one: { kind: string; label?: string | undefined }): boolean => (node.label ? one.label === node.label.text : one.kind === 'loop' || !continues);
    leave({
      frame: read.here(),
      drawing,
      isTarget,
      to: (one) => {
        if (!one) return refuse(node, 'this leads out of nothing that the map can show', 'Give the label to a loop');
        return continues && one.kind === 'loop' ? one.continues : one.breaks;
      },
    });
  };

  const throwOut = (node: ts.ThrowStatement, scope: Scope): void => {
    const { expression } = node;
    const { caught } = read.here();
    if (ts.isIdentifier(expression) && caught.includes(expression.text)) {
      drawing.draw({ kind: 'end', end: 'rethrown', at: node });
    } else {
      const isRefusal = ts.isCallExpression(expression) && isKit(read.lookUpCallee(expression, scope), 'rejected');
      read.value(expression, scope);
      drawing.draw({ kind: 'end', end: isRefusal ? 'rejected' : 'failed', label: wordsOf(expression), at: node });
    }
    drawing.set([]);
  };

  const attempt = ({ tryBlock, catchClause, finallyBlock }: ts.TryStatement, scope: Scope): void => {
    if (!finallyBlock || (!touches(finallyBlock, scope) && !jumps(finallyBlock))) return catching({ tryBlock, catchClause }, scope);
    const last = (): void => all(finallyBlock.statements, scopeIn(scope));
    guarded({
      at: finallyBlock,
      work: () => void inside(read.here(), { kind: 'finally', run: last }, () => catching({ tryBlock, catchClause }, scope)),
      handle() {
        last();
        if (!drawing.goesOn()) return;
        drawing.draw({ kind: 'end', end: 'rethrown', at: finallyBlock });
        drawing.set([]);
      },
    });
    if (drawing.goesOn()) last();
  };

  const catching = ({ tryBlock, catchClause }: Pick<ts.TryStatement, 'tryBlock' | 'catchClause'>, scope: Scope): void => {
    const work = (): void => all(tryBlock.statements, scopeIn(scope));
    if (!catchClause || !touches(tryBlock, scope)) return work();
    const inner = scopeIn(scope);
    const { variableDeclaration, block } = catchClause;
    if (variableDeclaration) bind(variableDeclaration.name, data, inner);
    const name = variableDeclaration && ts.isIdentifier(variableDeclaration.name) ? variableDeclaration.name.text : undefined;
    let after: ReturnType<Drawing['take']> = [];
    guarded({
      at: catchClause,
      work() {
        work();
        after = drawing.take();
      },
      handle() {
        if (name !== undefined) read.here().caught.push(name);
        all(block.statements, inner);
        if (name !== undefined) read.here().caught.pop();
      },
    });
    drawing.set([...drawing.take(), ...after]);
  };

  /** Work in a region of its own, and where it goes on when something goes wrong there; what is open afterwards is what the handler left, or the work where it left nothing. */
  const guarded = ({ at, work, handle }: { at: ts.Node; work: () => void; handle: () => void }): void => {
    const { id } = drawing.newRegion('attempt');
    drawing.within(id, work);
    const after = drawing.take();
    const handler = drawing.draw({ kind: 'catch', of: id, at });
    drawing.amend(id, { handler });
    handle();
    drawing.set([...after, ...drawing.take()]);
  };

  return { all, statement, declare, bind, member, choose, guarded };
}

const isKit = (value: Value, name: string): boolean => value.is === 'kit' && value.name === name;

/** TypeScript lets a switch over all members of a union go without a default where every case returns. */
const isExhaustive = (node: ts.SwitchStatement): boolean => {
  const { parent } = node;
  return ts.isBlock(parent) && parent.statements.at(-1) === node && ts.isFunctionLike(parent.parent);
};

/** What is said when a process is rejected, with an ellipsis for what is known only when it runs. */
function wordsOf(node: ts.Expression): string {
  const [said] = ts.isCallExpression(node) || ts.isNewExpression(node) ? (node.arguments ?? []) : [];
  if (!said) return textOf(node);
  if (ts.isStringLiteralLike(said)) return said.text;
  if (!ts.isTemplateExpression(said)) return textOf(said);
  return [said.head.text, ...said.templateSpans.map(({ literal }) => literal.text)].join('…').trim();
}

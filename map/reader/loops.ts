import ts from 'typescript';
import type { Drawing } from './drawing.ts';
import { inside, type Loop } from './frames.ts';
import { type Looping, plain, type Reading, refuse } from './reading.ts';
import { textOf } from './syntax.ts';
import { type Scope, scopeIn } from './values.ts';

/** Loops: what leads back to where they begin. */
export function createLoops(read: Reading): Pick<Reading, 'loop' | 'loopOver'> {
  const { drawing } = read;

  const loop = ({ node, scope, label, asks, body, asksLast = false, after }: Looping): void => {
    // What leads back leads here.
    const top = drawing.draw({ kind: 'merge', at: node });
    let exits: ReturnType<Drawing['take']> = [];
    const ask = (): void => {
      if (!asks || asks.kind === ts.SyntaxKind.TrueKeyword) return;
      plain(read.value(asks, scope), asks);
      const from = drawing.draw({ kind: 'choice', label: textOf(asks), at: asks });
      exits = [{ from, label: 'no' }];
      drawing.set([{ from, label: 'yes' }]);
    };
    if (!asksLast) ask();
    const own: Loop = inside(read.here(), { kind: 'loop', label, breaks: [], continues: [] }, () => read.statement(body, scope));
    drawing.set([...drawing.take(), ...own.continues]);
    if (after && drawing.goesOn()) read.value(after, scope);
    if (asksLast && drawing.goesOn()) ask();
    drawing.leadTo(top);
    drawing.set([...exits, ...own.breaks]);
  };

  const loopOver = (node: ts.ForOfStatement | ts.ForInStatement, scope: Scope, label: string | undefined): void => {
    if (ts.isForOfStatement(node) && node.awaitModifier) refuse(node, 'the map cannot show for await', 'Ask for the values by steps');
    const over = read.value(node.expression, scope);
    const inner = scopeIn(scope);
    const name = ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations[0]?.name : undefined;
    if (name) read.bind(name, read.oneOf(over, textOf(name)), inner);
    else plain(over, node.expression);
    const top = drawing.draw({ kind: 'choice', label: `each ${name ? textOf(name) : ''} of ${textOf(node.expression)}`, at: node });
    drawing.set([{ from: top, label: 'next' }]);
    const own: Loop = inside(read.here(), { kind: 'loop', label, breaks: [], continues: [] }, () => read.statement(node.statement, inner));
    drawing.set([...drawing.take(), ...own.continues]);
    drawing.leadTo(top);
    drawing.set([{ from: top, label: 'done' }, ...own.breaks]);
  };

  return { loop, loopOver };
}

import ts from 'typescript';
import type { Drawing } from './drawing.ts';
import { frameOf } from './frames.ts';
import { type Given, type How, plain, type Reading, refuse } from './reading.ts';
import { textOf } from './syntax.ts';
import { isLiving, touches } from './touches.ts';
import { data, type FollowedFunction, type KitFunction, lookUp, type Scope, scopeIn, type Value } from './values.ts';

/** Calls: of steps, of functions that are followed, of promises and of the kit. */
export function createCalls(read: Reading): Pick<Reading, 'lookUpCallee' | 'call' | 'callKnown' | 'follow'> {
  const { drawing } = read;
  /** Functions that are being read, so that one that calls itself is noticed. */
  const following: FollowedFunction[] = [];

  const lookUpCallee = (node: ts.CallExpression, scope: Scope): Value => (ts.isIdentifier(node.expression) ? lookUp(scope, node.expression.text) : data);

  const call = (node: ts.CallExpression, scope: Scope, how: How): Value => {
    const promises = promiseCall(node, scope, how);
    if (promises) return promises;
    const callee = read.value(node.expression, scope);
    if (callee.is === 'kit') return kitCall(callee.name, node, scope, how);
    if (callee.is === 'oneOf') return callOneOf(callee, node, scope, how);
    if (callee.is === 'data') {
      for (const argument of node.arguments) plain(read.value(argument, scope), argument);
      return data;
    }
    const given = node.arguments.map((argument) => read.value(argument, scope));
    return callKnown(callee, { node, given, how });
  };

  const callKnown = (callee: Value, { node, given, how }: Given): Value => {
    if (callee.is === 'step') {
      node.arguments.forEach((argument, at) => plain(given[at] ?? data, argument));
      const ask = (): void => void drawing.draw({ kind: 'step', step: callee.step, at: node });
      if (!how.awaited) return read.beside(node, ask);
      ask();
      return data;
    }
    if (callee.is !== 'function') return isLiving(callee) ? refuse(node, `the map cannot tell what "${textOf(node.expression)}" is`, 'Call a step or a function by its name') : data;
    if (!isLiving(callee) && !given.some(isLiving)) return data;
    const isAsync = ts.getCombinedModifierFlags(callee.node) & ts.ModifierFlags.Async;
    if (how.awaited || !(isAsync || callsSteps(callee))) return follow(callee, given, node);
    return read.beside(node, () => void follow(callee, given, node));
  };

  /** Reads a function at the place where it is called. */
  const follow = ({ node, scope }: Extract<Value, { is: 'function' }>, given: readonly Value[], at: ts.Node): Value => {
    if (following.includes(node)) refuse(at, 'a function that calls itself has no end on a map', 'Write a loop');
    const inner = scopeIn(scope);
    node.parameters.forEach(({ name, dotDotDotToken }, nth) => read.bind(name, dotDotDotToken ? data : (given[nth] ?? data), inner));
    const outer = read.frame.current;
    const own = frameOf(node);
    read.frame.current = own;
    following.push(node);
    try {
      if (node.body && ts.isBlock(node.body)) read.all(node.body.statements, inner);
      else if (node.body) own.values.push(read.value(node.body, inner, { awaited: true }));
    } finally {
      following.pop();
      read.frame.current = outer;
    }
    drawing.set([...drawing.take(), ...own.returns]);
    return read.joined(own.values, at);
  };

  const callOneOf = ({ asks, options }: Extract<Value, { is: 'oneOf' }>, node: ts.CallExpression, scope: Scope, how: How): Value => {
    const given = node.arguments.map((argument) => read.value(argument, scope));
    const work = (): void => {
      const from = drawing.draw({ kind: 'choice', label: asks, at: node });
      const ends = options.flatMap((option) => {
        drawing.set([{ from, label: option.label }]);
        callKnown(option.value, { node, given, how: { awaited: true } });
        return drawing.take();
      });
      drawing.set(ends);
    };
    if (!how.awaited) return read.beside(node, work);
    work();
    return data;
  };

  /** What a promise itself is asked: `.then`, `Promise.all` and their kind. `undefined` where it is none of them. */
  const promiseCall = (node: ts.CallExpression, scope: Scope, how: How): Value | undefined => {
    const { expression } = node;
    if (!ts.isPropertyAccessExpression(expression) || !touches(node, scope)) return undefined;
    const name = expression.name.text;
    if (ts.isIdentifier(expression.expression) && expression.expression.text === 'Promise') {
      const [argument] = node.arguments;
      if (name === 'all' && argument) return read.forked({ node, argument, scope, how, cancels: false });
      if (name === 'race' && argument) return read.raced({ node, argument, scope, how });
      if (name === 'resolve' && argument) return read.value(argument, scope, how);
      return refuse(node, `the map cannot show Promise.${name}`, 'Use parallel, race or forEach of the kit, or Promise.all');
    }
    if (['then', 'catch', 'finally'].includes(name)) return chained({ node, of: expression.expression, name, scope, how });
    if (name === 'map' && node.arguments[0]) {
      const each = read.value(node.arguments[0], scope);
      if (each.is === 'function' && isLiving(each)) return read.many({ node, members: expression.expression, each, scope, how: {}, more: { cancels: false } });
    }
    return undefined;
  };

  const chained = ({ node, of, name, scope, how }: { node: ts.CallExpression; of: ts.Expression; name: string; scope: Scope; how: How }): Value => {
    const handlers = node.arguments.map((argument) => read.value(argument, scope));
    const [first, second] = name === 'then' ? handlers : [undefined, handlers[0]];
    const run = (handler: Value | undefined): void => void (handler && isLiving(handler) && callKnown(handler, { node, given: [data], how: { awaited: true } }));
    const work = (): void => {
      const asked = (): void => void read.awaited(read.value(of, scope, { awaited: true }), node);
      if (second === undefined) {
        asked();
        return run(first);
      }
      let after: ReturnType<Drawing['take']> = [];
      read.guarded({
        at: node,
        work() {
          asked();
          after = drawing.take();
        },
        handle() {
          run(second);
          if (name !== 'finally' || !drawing.goesOn()) return;
          drawing.draw({ kind: 'end', end: 'rethrown', at: node });
          drawing.set([]);
        },
      });
      const handled = drawing.take();
      drawing.set(after);
      if (drawing.goesOn()) run(name === 'finally' ? second : first);
      drawing.set([...drawing.take(), ...handled]);
    };
    if (!how.awaited) return read.beside(node, work);
    work();
    return data;
  };

  const kitCall = (name: KitFunction, node: ts.CallExpression, scope: Scope, how: How): Value => {
    const [argument, work] = node.arguments;
    if (name === 'rejected') {
      for (const one of node.arguments) plain(read.value(one, scope), one);
      return data;
    }
    if (!argument) return refuse(node, `${name} has nothing to work on`, 'Give it branches or members');
    if (name === 'parallel') return read.forked({ node, argument, scope, how, cancels: true });
    if (name === 'race') return read.raced({ node, argument, scope, how });
    const each = work ? read.value(work, scope) : data;
    if (!isLiving(each)) return data;
    const enough = node.arguments[2] !== undefined && /\benough\b/.test(node.arguments[2].getText());
    return read.many({ node, members: argument, each, scope, how, more: { cancels: true, enough } });
  };

  return { lookUpCallee, call, callKnown, follow };
}

/** Whether a function asks a step, and not only may throw. */
function callsSteps({ node, scope }: Extract<Value, { is: 'function' }>): boolean {
  const asks = (part: ts.Node): boolean => {
    if (ts.isThrowStatement(part)) return false;
    return (ts.isIdentifier(part) && touches(part, scope)) || ts.forEachChild(part, (child) => asks(child) || undefined) === true;
  };
  return node.body !== undefined && asks(node.body);
}

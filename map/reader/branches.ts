import ts from 'typescript';
import type { MapRegion } from '../../contracts/process-map.ts';
import { type How, type Reading, refuse, type Several } from './reading.ts';
import { keyOf, peeled, textOf } from './syntax.ts';
import { isLiving, touches } from './touches.ts';
import { data, type Scope, type Value } from './values.ts';

/** What runs beside each other: branches, members, and what is begun and awaited later. */
export function createBranches(read: Reading): Pick<Reading, 'awaited' | 'beside' | 'forked' | 'raced' | 'many'> {
  const { drawing } = read;

  const awaited = (given: Value, node: ts.Node): Value => {
    if (given.is !== 'pending') return given;
    drawing.draw({ kind: 'await', of: given.region, at: node });
    return data;
  };

  /** Work that runs beside what comes next, until it is awaited. */
  const beside = (node: ts.Node, work: () => void): Value => {
    const region = drawing.newRegion('aside');
    drawing.draw({ kind: 'begin', of: region.id, at: node });
    const after = drawing.take();
    branch({ region: region.id, node, work });
    drawing.set(after);
    return { is: 'pending', region: region.id };
  };

  /** What stands in a region, from its own start to its own end. */
  const branch = ({ region, node, work }: { region: string; node: ts.Node; work: () => void }): void => {
    drawing.within(region, () => {
      drawing.set([]);
      drawing.draw({ kind: 'start', at: node });
      work();
      if (drawing.goesOn()) drawing.draw({ kind: 'end', end: 'completed', at: node });
      drawing.set([]);
    });
  };

  /** The branches that are written out in an object or a list. */
  const branchesOf = (argument: ts.Expression): readonly { readonly label: string; readonly node: ts.Expression }[] => {
    const literal = peeled(argument);
    if (ts.isObjectLiteralExpression(literal)) {
      return literal.properties.flatMap((one) => {
        if (ts.isPropertyAssignment(one)) return [{ label: keyOf(one.name), node: one.initializer }];
        if (ts.isShorthandPropertyAssignment(one)) return [{ label: one.name.text, node: one.name }];
        return refuse(one, 'the map cannot tell the branches of this apart', 'Write each branch as a property');
      });
    }
    if (ts.isArrayLiteralExpression(literal)) return literal.elements.map((node, at) => ({ label: String(at + 1), node }));
    return refuse(argument, 'the map cannot tell which branches these are', 'Write them out as an object or a list, or use forEach');
  };

  /** Begins the branch that an expression stands for, and waits for it. */
  const runBranch = (node: ts.Expression, scope: Scope): void => {
    const given = read.value(node, scope, { awaited: true });
    if (given.is === 'function' || given.is === 'step' || given.is === 'oneOf') callBranch(given, node);
    else awaited(given, node);
  };

  const callBranch = (given: Value, node: ts.Expression): void => {
    if (given.is === 'function') return void (isLiving(given) && read.follow(given, [], node));
    refuse(node, 'a branch is a call of a step, or a function', 'Call the step, or write () => …');
  };

  const forked = ({ node, argument, scope, how, cancels }: Several & { readonly cancels: boolean }): Value => {
    const mapped = peeled(argument);
    // Promise.all(items.map(…)): many, not branches.
    if (ts.isCallExpression(mapped)) {
      const given = read.value(mapped, scope, how);
      return how.awaited ? awaited(given, node) : given;
    }
    const work = (): void => {
      const branches = branchesOf(argument).filter((one) => touches(one.node, scope));
      if (branches.length === 0) return;
      const region = drawing.newRegion('parallel', { cancels });
      const fork = drawing.draw({ kind: 'fork', of: region.id, at: node });
      const ends = branches.flatMap(({ label, node: written }) => {
        const own = drawing.within(region.id, () => drawing.newRegion('branch', { label }));
        drawing.set([{ from: fork, label }]);
        drawing.within(own.id, () => runBranch(written, scope));
        return drawing.take();
      });
      drawing.set(ends);
      if (drawing.goesOn()) drawing.draw({ kind: 'join', of: region.id, at: node });
    };
    if (!how.awaited) return beside(node, work);
    work();
    return data;
  };

  const raced = ({ node, argument, scope, how }: Several): Value => {
    const work = (): void => {
      const region = drawing.newRegion('race');
      drawing.draw({ kind: 'race', of: region.id, at: node });
      const after = drawing.take();
      for (const { label, node: written } of branchesOf(argument)) {
        const own = drawing.within(region.id, () => drawing.newRegion('branch', { label }));
        branch({ region: own.id, node: written, work: () => runBranch(written, scope) });
      }
      drawing.set(after);
    };
    if (!how.awaited) return beside(node, work);
    work();
    return data;
  };

  const many = ({ node, members, each, scope, how, more }: { node: ts.CallExpression; members: ts.Expression; each: Value; scope: Scope; how: How; more: Partial<MapRegion> }): Value => {
    const member = read.oneOf(read.value(members, scope), 'member');
    const label = `each of ${textOf(members)}`;
    const body = (): void => void (each.is === 'function' ? read.follow(each, [member, data], node) : read.callKnown(each, { node, given: [member, data], how: { awaited: true } }));
    const work = (): void => {
      const region = drawing.newRegion('many', { label, ...more });
      drawing.draw({ kind: 'many', of: region.id, label, at: node });
      const after = drawing.take();
      branch({ region: region.id, node, work: body });
      drawing.set(after);
    };
    if (!how.awaited) return beside(node, work);
    work();
    return data;
  };

  return { awaited, beside, forked, raced, many };
}

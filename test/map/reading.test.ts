import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { ProcessMap } from '../../contracts/process-map.ts';
import { createModules } from '../../map/reader/modules.ts';
import { readFlow } from '../../map/reader/read-flow.ts';
import { repository } from '../../platform/repository.ts';

const directory = mkdtempSync(join(tmpdir(), 'throughline-map-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const from = (path: string): string => relative(directory, join(repository, path));
const imports = `
import { rejected } from '${from('contracts/failures.ts')}';
import { flow } from '${from('workflows/kit/flow.ts')}';
import { forEach } from '${from('workflows/kit/for-each.ts')}';
import { parallel } from '${from('workflows/kit/parallel.ts')}';
import { race } from '${from('workflows/kit/race.ts')}';
`;

/** The map of a flow with this body, and what else its module says. */
function mapOfBody(body: string, beside = ''): ProcessMap {
  const file = join(directory, 'flow.ts');
  writeFileSync(file, `${imports}\n${beside}\nexport const some = flow(contract, async (input, { a, b, c, d }) => {\n${body}\n});\n`);
  return readFlow({ modules: createModules(), file, process: 'some' });
}

/** Arrows as they lead from step to step: `a>b`, and `a>b:label`; what stands for itself is named by its kind. */
const wayOf = ({ arrows }: ProcessMap): readonly string[] => arrows.map(({ from: start, to, label }) => `${start.replace('@', '')}>${to.replace('@', '')}${label === undefined ? '' : `:${label}`}`).sort();

describe('what a map shows', () => {
  it.each([
    ['steps one after the other', 'await a(); await b();', 'start>a a>b b>end'],
    ['a choice by its name', 'const isLarge = input.total > 7; if (isLarge) await a(); else await b(); await c();', 'start>choice choice>a:yes choice>b:no a>c b>c c>end'],
    ['what leads to no step is not shown', 'let sum = 0; for (const one of input.many) sum += one; if (sum > 3) sum = 3; await a({ sum });', 'start>a a>end'],
    ['an early return', 'if (input.small) return { small: true }; await a();', 'start>choice choice>a:no choice>end:yes a>end'],
    ['a refusal, in its words', "if (input.bad) throw rejected(`no ${input.what} today`); await a();", 'start>choice choice>end:yes choice>a:no a>end.2'],
    ['a switch, with cases that go on', "switch (input.kind) { case 'x': await a(); case 'y': await b(); break; default: await c(); } await d();", 'start>choice choice>a:x a>b choice>b:y choice>c:otherwise c>d b>d d>end'],
    ['a loop that asks first', 'while (input.more) await a();', 'start>merge merge>choice choice>a:yes a>merge choice>end:no'],
    ['a loop that asks last', 'do { await a(); } while (input.more);', 'start>merge merge>a a>choice choice>merge:yes choice>end:no'],
    ['a loop that is left and begun anew', 'for (const one of input.all) { if (one.skip) continue; await a(); if (one.last) break; await b(); }', 'start>choice choice>choice.2:next choice.2>a:no a>choice.3 choice.3>b:no b>choice choice.2>choice:yes choice>end:done choice.3>end:yes'],
    ['a step in an expression', 'const total = (await a()).sum + (await b()).sum;', 'start>a a>b b>end'],
    ['a choice in an expression', 'const found = input.known ? input.known : await a(); await b(found);', 'start>choice choice>a:no choice>b:yes a>b b>end'],
    ['a function of the flow', 'const buy = async (item) => { if (item) await a({ item }); return b(); }; await buy(1); await c();', 'start>choice choice>a:yes a>b choice>b:no b>c c>end'],
    ['branches that join', 'const { x } = await parallel({ x: a(), y: async () => { await b(); await c(); } }); await d();', 'start>fork fork>a:x fork>b:y b>c a>join c>join join>d d>end'],
    ['branches of Promise.all', 'await Promise.all([a(), b()]); await c();', 'start>fork fork>a:1 fork>b:2 a>join b>join join>c c>end'],
    ['a promise that is awaited later', 'const early = a(); await b(); await early;', 'start.2>a a>end start>begin begin>b b>await await>end.2'],
    ['one of several functions', "const ways = { x: () => a(), y: async () => { await b(); } }; await ways[input.way](); await c();", 'start>choice choice>a:x choice>b:y a>c b>c c>end'],
    ['what catches', 'try { await a(); await b(); } catch { await c(); } await d();', 'start>a a>b catch>c c>d b>d d>end'],
    ['what is done in any case, on the way out too', 'try { if (input.early) return { early: true }; await a(); } finally { await b(); } await c();', 'start>choice choice>b:yes choice>a:no catch>b.2 b.2>end a>b.3 b.3>c b>end.2 c>end.2'],
  ])('%s', (_, body, way) => {
    expect(wayOf(mapOfBody(body))).toEqual(way.split(' ').sort());
  });

  it('members of forEach, in a region of their own', () => {
    const { nodes, regions, arrows } = mapOfBody('await forEach(input.shops, async (shop) => { await a(shop); }, { enough: 2 }); await b();');
    expect(regions).toEqual([{ id: '@many', kind: 'many', within: null, label: 'each of input.shops', cancels: true, enough: true }]);
    expect(nodes.find(({ step }) => step === 'a')?.region).toBe('@many');
    expect(arrows).toContainEqual({ from: '@many.2', to: 'b' });
  });

  it('branches of a race, each with an end of its own', () => {
    const { regions, nodes } = mapOfBody('const end = await race({ done: a(), late: b() }); if (end.first === "late") throw rejected("too late");');
    expect(regions.map(({ kind, label }) => [kind, label])).toEqual([['race', undefined], ['branch', 'done'], ['branch', 'late']]);
    expect(nodes.filter(({ kind, region }) => kind === 'end' && region !== null)).toHaveLength(2);
    expect(nodes.find(({ end }) => end === 'rejected')?.label).toBe('too late');
  });

  it('functions of the module, and steps that are handed to them', () => {
    expect(wayOf(mapOfBody('await twice(input, { a, second: b }); await c();', 'async function twice(input, { a, second }) { await a(input); await second(input); }'))).toEqual(['a>b', 'b>c', 'c>end', 'start>a']);
  });

  it('where each thing stands in the source', () => {
    const { nodes } = mapOfBody('await a();\nawait b();');
    const [first, second] = ['a', 'b'].map((step) => nodes.find((node) => node.step === step)?.line ?? 0);
    expect((second ?? 0) - (first ?? 0)).toBe(1);
  });
});

describe('what a map cannot show fails, with its place and what to do', () => {
  it.each([
    ['a step that is handed to somebody', 'await someLibrary(a);', /flow\.ts:10:19: "a" leads to a step, and goes where the map cannot follow it\. Call the step here/],
    ['a step in a variable that may change', 'let ask = a; await ask();', /may come to mean something else\. Declare it with const/],
    ['a step that is kept somewhere', 'input.later = a;', /"a" leads to a step, and goes where/],
    ['a step that is found by a name', 'const steps = { a, b }; await somebody({ ...steps });', /goes where the map cannot follow it/],
    ['a function that calls itself', 'const again = async () => { await a(); await again(); }; await again();', /calls itself has no end on a map\. Write a loop/],
    ['Promise.allSettled', 'await Promise.allSettled([a(), b()]);', /cannot show Promise\.allSettled\. Use parallel/],
    ['branches that nobody can tell apart', 'const all = { x: a(), ...input.more }; await parallel(all);', /cannot tell which branches these are\. Write them out/],
    ['for await', 'for await (const one of input.stream) await a(one);', /cannot show for await/],
    ['a step in a class', 'class Buyer { buy() { return a(); } } await new Buyer().buy();', /cannot show/],
  ])('%s', (_, body, words) => {
    expect(() => mapOfBody(body)).toThrow(words);
  });

  it('says what a flow must look like where there is none', () => {
    const file = join(directory, 'none.ts');
    writeFileSync(file, 'export const other = 7;\n');
    expect(() => readFlow({ modules: createModules(), file, process: 'some' })).toThrow(/exports no flow "some": export const some = flow\(contract/);
  });
});

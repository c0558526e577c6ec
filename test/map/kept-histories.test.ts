import { describe, expect, it } from '@jest/globals';
import { definitionOf } from '../../contracts/define/definition.ts';
import type { ProcessMap } from '../../contracts/process-map.ts';
import { discoverProcesses } from '../../platform/discover.ts';
import { readHistories } from '../histories/kept.ts';
import { mapOf, offTheMap } from '../stage/walked.ts';

const entry = 'workflows/index.ts';
const kept = await readHistories();
const definitions = new Map((await discoverProcesses()).map((contract) => [contract.name, definitionOf(contract).definition]));

/** What the kept histories of a process did that a map does not allow, by the instance. */
function wrongOn(map: ProcessMap, process: string): readonly string[] {
  const definition = definitions.get(process);
  if (!definition) throw new Error(`no process "${process}"`);
  return kept.filter((one) => one.process === process).flatMap(({ histories }) => histories.flatMap(({ id, history }) => {
    const off = offTheMap({ map, events: history.events ?? [], definition });
    return off === null ? [] : [`${id}: ${off}`];
  }));
}

describe('kept histories', () => {
  it.each([...new Set(kept.map(({ process }) => process))])('of %s walk on the map of its source', (process) => {
    expect(wrongOn(mapOf({ entry, process }), process)).toEqual([]);
  });

  it.each([
    ['an arrow less', (map: ProcessMap) => ({ ...map, arrows: map.arrows.filter(({ from, to }) => from !== 'claimNumber' || to !== '@choice.3') })],
    ['two steps in the wrong order', (map: ProcessMap) => ({ ...map, nodes: map.nodes.map((node) => (node.step === 'reserveBudget' ? { ...node, step: 'schedulePayment' } : node.step === 'schedulePayment' ? { ...node, step: 'reserveBudget' } : node)) })],
    ['a join that waits for nobody', (map: ProcessMap) => ({ ...map, nodes: map.nodes.map((node) => (node.kind === 'join' ? { ...node, kind: 'merge' as const } : node)) })],
    ['a step that is not to be left out', (map: ProcessMap) => ({ ...map, arrows: map.arrows.map((arrow) => (arrow.to === 'notifySupplier' ? { ...arrow, to: 'reserveBudget' } : arrow)) })],
  ])('do not walk on a map with %s', (_, broken) => {
    expect(wrongOn(broken(mapOf({ entry, process: 'supplierInvoice' })), 'supplierInvoice')).not.toEqual([]);
  });
});

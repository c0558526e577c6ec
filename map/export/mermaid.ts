import type { ProcessDefinition, StepDefinition } from '../../contracts/define/definition.ts';
import type { MapNode, MapRegion, ProcessMap } from '../../contracts/process-map.ts';

const indent = '  ';

/** A map as a Mermaid flowchart, which GitHub and many editors draw. */
export function mermaidOf({ map, definition }: { map: ProcessMap; definition: ProcessDefinition }): string {
  const names = new Map(map.nodes.map(({ id }, at) => [id, `n${at}`]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const steps = new Map(definition.steps.map((step) => [step.step, step]));
  const inside = (region: string | null, depth: number): string[] => {
    const nodes = map.nodes.filter((node) => node.region === region).map((node) => `${indent.repeat(depth)}${nameOf(node.id)}${shapeOf(node, steps)}`);
    const parts = map.regions.filter(({ within }) => within === region).flatMap((one) => subgraph(one, depth));
    return [...nodes, ...parts];
  };
  const subgraph = (region: MapRegion, depth: number): string[] => {
    const content = inside(region.id, depth + (isDrawn(region) ? 1 : 0));
    if (!isDrawn(region)) return content;
    const at = indent.repeat(depth);
    return [`${at}subgraph ${`r${map.regions.indexOf(region)}`}["${escaped(titleOf(region))}"]`, ...content, `${at}end`];
  };
  const arrows = map.arrows.map(({ from, to, label }) => `${indent}${nameOf(from)} -->${label === undefined ? '' : `|"${escaped(label)}"|`} ${nameOf(to)}`);
  // What begins a region, and where what goes wrong in it leads, is no arrow of a token.
  const begins = map.nodes.flatMap(({ id, kind, of }) =>
    of !== undefined && ['many', 'race', 'begin'].includes(kind) ? startsOf(map, of).map((start) => `${indent}${nameOf(id)} -.-> ${nameOf(start)}`) : [],
  );
  const waits = map.nodes.flatMap(({ id, kind, of }) => (kind === 'await' && of !== undefined ? endsOf(map, of).map((end) => `${indent}${nameOf(end)} -.-> ${nameOf(id)}`) : []));
  const caught = map.regions.flatMap((region) => (region.handler === undefined ? [] : [`${indent}r${map.regions.indexOf(region)} -.->|"fails"| ${nameOf(region.handler)}`]));
  return [`flowchart TD`, ...inside(null, 1), ...arrows, ...begins, ...waits, ...caught, ''].join('\n');
}

/** Forks show what belongs to a branch. */
const isDrawn = ({ kind }: MapRegion): boolean => kind === 'many' || kind === 'race' || kind === 'attempt' || kind === 'aside';

const titleOf = ({ kind, label, enough }: MapRegion): string => {
  if (kind === 'many') return `${label ?? 'each'}${enough ? ', until enough' : ''}`;
  return { race: 'the first decides', attempt: 'tried', aside: 'meanwhile', parallel: '', branch: '' }[kind];
};

/** Of a region, or of the branches in it. */
const startsOf = (map: ProcessMap, region: string): readonly string[] => {
  const branches = map.regions.filter(({ within, kind }) => within === region && kind === 'branch').map(({ id }) => id);
  return map.nodes.filter((node) => node.kind === 'start' && node.region !== null && [region, ...branches].includes(node.region)).map(({ id }) => id);
};
const endsOf = (map: ProcessMap, region: string): readonly string[] => map.nodes.filter((node) => node.kind === 'end' && node.end === 'completed' && node.region === region).map(({ id }) => id);

function shapeOf({ kind, label, step, end }: MapNode, steps: ReadonlyMap<string, StepDefinition>): string {
  switch (kind) {
    case 'start':
      return '(( ))';
    case 'end':
      return `((("${escaped(label ?? (end === 'completed' ? ' ' : (end ?? ' ')))}")))`;
    case 'step': {
      const { title, kind: of } = steps.get(step ?? '') ?? { title: step ?? '', kind: 'service' };
      return shapes[of].replace('…', `"${escaped(title)}"`);
    }
    case 'choice':
      return `{"${escaped(label ?? '')}"}`;
    case 'many':
      return `[["${escaped(label ?? '')}"]]`;
    case 'race':
      return '{{"the first of"}}';
    case 'fork':
    case 'join':
      return '[/" + "/]';
    case 'merge':
      return '{" "}';
    case 'begin':
      return '>"begin"]';
    case 'await':
      return '>"wait for it"]';
    case 'catch':
      return '{{"something went wrong"}}';
  }
}

const shapes: Readonly<Record<StepDefinition['kind'], string>> = { service: '[…]', bot: '[[…]]', ai: '[\\…\\]', human: '[/…/]', message: '(…)', timer: '([…])', process: '[[…]]' };

const escaped = (text: string): string => text.replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');

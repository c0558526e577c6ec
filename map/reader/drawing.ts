import type ts from 'typescript';
import type { MapArrow, MapNode, MapRegion } from '../../contracts/process-map.ts';

/** A place from which the next node is still to be reached. */
export interface OpenEnd {
  readonly from: string;
  readonly label?: string;
}

type NewNode = Omit<MapNode, 'id' | 'region' | 'line'> & { readonly at: ts.Node };

export type Drawing = ReturnType<typeof startDrawing>;

/** Nodes and arrows as they are come upon: each node is drawn behind all that is open. */
export function startDrawing() {
  const nodes: MapNode[] = [];
  const regions: MapRegion[] = [];
  const arrows: MapArrow[] = [];
  const taken = new Map<string, number>();
  let open: readonly OpenEnd[] = [];
  let region: string | null = null;

  /** Readable, and the same as long as the flow's shape is: `reserveBudget`, `reserveBudget.2`. */
  const idFor = (name: string): string => {
    const nth = (taken.get(name) ?? 0) + 1;
    taken.set(name, nth);
    return nth === 1 ? name : `${name}.${nth}`;
  };

  const add = ({ at, ...node }: NewNode): string => {
    const file = at.getSourceFile();
    const id = idFor(node.step ?? `@${node.kind}`);
    nodes.push({ id, ...node, region, line: file.getLineAndCharacterOfPosition(at.getStart()).line + 1 });
    return id;
  };

  const lead = (to: string): void => {
    for (const { from, label } of open) arrows.push({ from, to, ...(label === undefined ? {} : { label }) });
  };

  return {
    /** A node behind all that is open, which then is what is open. */
    draw(node: NewNode): string {
      const id = add(node);
      lead(id);
      open = [{ from: id }];
      return id;
    },
    /** Leads what is open back to a node that is there. */
    leadTo(id: string): void {
      lead(id);
      open = [];
    },
    /** Whether anything leads on from here. */
    goesOn: (): boolean => open.length > 0,
    /** Takes what is open, so that nothing is. */
    take(): readonly OpenEnd[] {
      const was = open;
      open = [];
      return was;
    },
    set(ends: readonly OpenEnd[]): void {
      open = ends;
    },
    region: (): string | null => region,
    newRegion(kind: MapRegion['kind'], more: Partial<MapRegion> = {}): MapRegion {
      const one: MapRegion = { id: idFor(`@${kind}`), kind, within: region, ...more };
      regions.push(one);
      return one;
    },
    /** What is drawn by `work` stands in this region. */
    within<R>(id: string, work: () => R): R {
      const outer = region;
      region = id;
      try {
        return work();
      } finally {
        region = outer;
      }
    },
    /** Replaces a region, of which more is known now. */
    amend(id: string, more: Partial<MapRegion>): void {
      const at = regions.findIndex((one) => one.id === id);
      const known = regions[at];
      if (known) regions[at] = { ...known, ...more };
    },
    finish: () => ({ nodes, regions, arrows }),
  };
}

import { z } from 'zod';

/**
 * The picture of a process, read from its flow's source. Nodes are places; a token that comes to one does what its kind says, then goes on by an arrow. Several
 * arrows may lead to one node; a token takes one of those that leave it, but at a `fork`, where it takes all.
 *
 * Regions hold what belongs together: what goes wrong in a region, or ends it, concerns all tokens in it.
 */

export const nodeKinds = [
  'start',
  /** Of the process, or of a region's branch. */
  'end',
  'step',
  /** Takes the arrow that fits. */
  'choice',
  /** Where a loop begins anew. */
  'merge',
  'fork',
  /** Waits for one token from each branch. */
  'join',
  /** Begins a region for each member; goes on when as many as are needed have ended. */
  'many',
  /** Begins all branches of a race; goes on when the first has ended. */
  'race',
  /** Begins a branch that runs beside what comes next, until it is waited for. */
  'begin',
  /** Waits for what was begun. */
  'await',
  /** Where it goes on after something went wrong in an attempt. */
  'catch',
] as const;

/** How a token ends that comes to an `end`. `rethrown` is as it was caught. */
export const ends = ['completed', 'rejected', 'failed', 'rethrown'] as const;

export const MapNode = z.strictObject({
  id: z.string(),
  kind: z.enum(nodeKinds),
  /** The innermost region that it stands in. */
  region: z.string().nullable(),
  /** Of `step`: its key. */
  step: z.string().optional(),
  /** What a choice asks, what the members are, why a process is rejected. */
  label: z.string().optional(),
  end: z.enum(ends).optional(),
  /** Of `join`, `many`, `race`, `begin` and `await`: the region whose tokens they begin or wait for. */
  of: z.string().optional(),
  /** Where it stands in the source: from 1. */
  line: z.int(),
});
export type MapNode = z.infer<typeof MapNode>;

export const regionKinds = [
  /** Branches that all have to end. When one fails, the others are cancelled, where `cancels` says so. */
  'parallel',
  'race',
  /** What is done with each member. */
  'many',
  /** One of the branches of a `parallel` or a `race`. */
  'branch',
  /** Begun, and waited for later. */
  'aside',
  /** What goes wrong here is caught. */
  'attempt',
] as const;

export const MapRegion = z.strictObject({
  id: z.string(),
  kind: z.enum(regionKinds),
  within: z.string().nullable(),
  label: z.string().optional(),
  /** Of `parallel` and `many`: whether the others are cancelled when one fails. */
  cancels: z.boolean().optional(),
  /** Of `many`: whether it may be over before all have ended, and go on over failures. */
  enough: z.boolean().optional(),
  /** Of `attempt`: the node where it goes on. */
  handler: z.string().optional(),
});
export type MapRegion = z.infer<typeof MapRegion>;

export const MapArrow = z.strictObject({ from: z.string(), to: z.string(), label: z.string().optional() });
export type MapArrow = z.infer<typeof MapArrow>;

export const ProcessMap = z.strictObject({
  format: z.literal(1),
  process: z.string(),
  /** Of the flow's source, from the repository's root. */
  file: z.string(),
  nodes: z.array(MapNode),
  regions: z.array(MapRegion),
  arrows: z.array(MapArrow),
});
export type ProcessMap = z.infer<typeof ProcessMap>;

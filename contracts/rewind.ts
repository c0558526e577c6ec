/** What it comes to when an instance goes back to before a visit of a step. */
export interface RewindPlan {
  /** The visit's id; it is the next that is asked. */
  readonly to: string;
  /** The visits that began since, it included, and those before that have not ended: what they gave and what was decided in them is forgotten. */
  readonly drops: readonly string[];
  /** Their effects that are undone first, the newest first. */
  readonly undoes: readonly string[];
  /** Those of which something stays in the world that cannot be undone. */
  readonly cannot: readonly string[];
}
/** The query that answers what a rewind would come to, or why there can be none: a query that fails tells no type. */
export const rewindQuery = 'rewind';
export type RewindAnswer = { readonly plan: RewindPlan } | { readonly refused: { readonly type: 'NotFound' | 'Conflict'; readonly message: string } };

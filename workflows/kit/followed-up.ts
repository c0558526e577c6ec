import { condition } from '@temporalio/workflow';

/** Settles when everything that could go on has gone on: Temporal asks conditions again when no promise is left to be followed up. */
export function everythingFollowedUp(): Promise<void> {
  let asked = false;
  return condition(() => asked || !(asked = true));
}

/**
 * The same for what a verb leads to. Between the verb and what else came with it Temporal asks conditions too, before anything of that was followed up; of another question, asked in
 * following up the first, that is over.
 */
export async function everythingThatCameFollowedUp(): Promise<void> {
  await everythingFollowedUp();
  await everythingFollowedUp();
}

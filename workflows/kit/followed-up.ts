import { condition } from '@temporalio/workflow';

/** Settles when everything that could go on has gone on: Temporal asks conditions again when no promise is left to be followed up. */
export function everythingFollowedUp(): Promise<void> {
  let asked = false;
  return condition(() => asked || !(asked = true));
}

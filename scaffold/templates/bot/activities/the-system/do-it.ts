import { doIt as contract } from '../../contracts/activities/the-system.ts';
import { unexpected } from '../../contracts/failures.ts';
import { implement } from '../implement.ts';

/** Works at the site as a person would, on a page from `atSite` (activities/browser/attempt.ts): looks what is done already, does it, reads it back. docs/steps/robot.md shows one in full. */
export const doIt = implement(contract, async () => {
  throw unexpected('activity "theSystem.doIt" is not written yet: write it in activities/the-system/do-it.ts');
});

import { undoDoIt as contract } from '../../contracts/activities/the-system.ts';
import { unexpected } from '../../contracts/failures.ts';
import { implement } from '../implement.ts';

/**
 * Undoes what was done under `forwardKey`. "Nothing there" is a success, `{ undone: false }`; and the system should refuse that key from then on, since the
 * step's own request may still be on its way.
 */
export const undoDoIt = implement(contract, async () => {
  throw unexpected('activity "theSystem.undoDoIt" is not written yet: write it in activities/the-system/undo-do-it.ts');
});

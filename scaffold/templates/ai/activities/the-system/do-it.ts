import { doIt as contract } from '../../contracts/activities/the-system.ts';
import { unexpected } from '../../contracts/failures.ts';
import { implement } from '../implement.ts';

/** Asks a model with `askModel` (activities/model/ask-model.ts), and judges by evidence what it says. docs/steps/ai.md shows one in full. */
export const doIt = implement(contract, async () => {
  throw unexpected('activity "theSystem.doIt" is not written yet: write it in activities/the-system/do-it.ts');
});

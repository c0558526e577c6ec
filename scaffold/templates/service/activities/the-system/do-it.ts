import { doIt as contract } from '../../contracts/activities/the-system.ts';
import { unexpected } from '../../contracts/failures.ts';
import { implement } from '../implement.ts';

/** Asks the system once, over HTTP with `askHttp` (activities/http.ts); trying again is not its business. docs/steps/service.md shows one in full. */
export const doIt = implement(contract, async () => {
  throw unexpected('activity "theSystem.doIt" is not written yet: write it in activities/the-system/do-it.ts');
});

import { unexpected } from '../contracts/failures.ts';
import { theProcess as contract } from '../contracts/processes/the-process.ts';
import { flow } from './kit/flow.ts';

export const theProcess = flow(contract, async () => {
  throw unexpected('process "theProcess" is not written yet: tell in workflows/the-process.ts what happens, step by step, and return what its contract has as output');
});

import { flow } from '../../workflows/kit/flow.ts';
import { chain as contract } from './contract.ts';

export const chain = flow(contract, async (input, { first, second, third, fourth, fifth }) => {
  const a = await first(input);
  const b = await second(a);
  const c = await third(b);
  const d = await fourth(c);
  return fifth(d);
});

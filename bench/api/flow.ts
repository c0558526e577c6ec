import { flow } from '../../workflows/kit/flow.ts';
import { news as contract } from './contract.ts';

export const news = flow(contract, async ({ times }, { news: hear }) => {
  for (let heard = 0; heard < times; heard++) await hear();
  return { heard: times };
});

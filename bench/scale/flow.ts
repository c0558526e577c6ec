import { flow } from '../../workflows/kit/flow.ts';
import { ask as contract } from './contract.ts';

export const ask = flow(contract, async ({ question }, { answer }) => {
  const { outcome } = await answer({ question });
  return { yes: outcome === 'yes' };
});

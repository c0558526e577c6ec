import { flow } from '../../workflows/kit/flow.ts';
import { repair as contract } from './contract.ts';

export const repair = flow(contract, ({ machine }, { startMachine }) => startMachine({ machine }));

import { rejected } from '../contracts/failures.ts';
import { prepareWorkplace as contract } from '../contracts/processes/prepare-workplace.ts';
import { flow } from './kit/flow.ts';

export const prepareWorkplace = flow(contract, async ({ personnelNumber, name, site, firstDay }, { bookDesk, setUpDesk }) => {
  const { desk } = await bookDesk({ personnelNumber, site, from: firstDay });
  const verdict = await setUpDesk({ name, site, firstDay, desk });
  if (verdict.outcome === 'reject') throw rejected(`${verdict.decidedBy} cannot set the desk up: ${verdict.reason}`);
  return { desk, setUpBy: verdict.decidedBy };
});

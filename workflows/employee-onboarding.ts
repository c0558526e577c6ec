import { rejected } from '../contracts/failures.ts';
import { employeeOnboarding as contract } from '../contracts/processes/employee-onboarding.ts';
import { flow } from './kit/flow.ts';
import { parallel } from './kit/parallel.ts';
import { race } from './kit/race.ts';

export const employeeOnboarding = flow(contract, async (hire, { accounts, equipment, workplace, employment, withdrawal }) => {
  const { personnelNumber, name, email, jobTitle, department, manager, bundle, site, firstDay } = hire;

  const end = await race({
    ready: () =>
      parallel({
        account: accounts({ personnelNumber, name, department }),
        equipped: equipment({ personnelNumber, name, bundle, firstDay }),
        place: workplace({ personnelNumber, name, site, firstDay }),
        signed: employment({ personnelNumber, name, email, jobTitle, department, manager, firstDay }),
      }),
    withdrawn: withdrawal(),
  });
  if (end.first === 'withdrawn') throw rejected(`${name} withdrew: ${end.value.reason}`);

  const { account, equipped, place, signed } = end.value;
  return { login: account.login, device: equipped.device, desk: place.desk, envelopeId: signed.envelopeId };
});

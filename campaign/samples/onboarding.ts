import type { Hire } from '../../contracts/hire.ts';
import { employeeOnboarding as onboarding } from '../../contracts/processes/employee-onboarding.ts';
import { prepareWorkplace as workplace } from '../../contracts/processes/prepare-workplace.ts';
import { provideAccounts as accounts } from '../../contracts/processes/provide-accounts.ts';
import { provideEquipment as equipment } from '../../contracts/processes/provide-equipment.ts';
import { signContract as employment } from '../../contracts/processes/sign-contract.ts';
import { type Making, neverComes, sample } from '../sample.ts';

/** `reminderIn`: milliseconds from now until a reminder is due, three days before the first one. */
const hire = ({ number }: Making, { bundle = 'standard', reminderIn = 20 * 86_400_000 } = {}): Hire => ({
  personnelNumber: number,
  name: `Campaign ${number}`,
  email: `${number}@candidates.example`,
  jobTitle: 'Clerk',
  department: 'sales',
  manager: 'petra',
  bundle,
  site: 'harbour',
  firstDay: new Date(Date.now() + 3 * 86_400_000 + reminderIn).toISOString(),
});

/** Longer than all before it takes on a busy machine, so that the timer is seen waiting. */
const soon = 15_000;
const lay = { yes: () => ({ outcome: 'ready' }), no: () => ({ outcome: 'reject', reason: 'it is broken' }) };
const signed = { outcome: 'signed', at: '2026-10-01T09:00:00Z' };

export const provideAccounts = sample({
  process: accounts,
  inputs: {
    ordinary: (making) => {
      const { personnelNumber, name, department } = hire(making);
      return Promise.resolve({ personnelNumber, name, department });
    },
  },
});

const equipped = (making: Making, bundle: string) => {
  const { personnelNumber, name, firstDay } = hire(making);
  return Promise.resolve({ personnelNumber, name, bundle, firstDay });
};

export const provideEquipment = sample({
  process: equipment,
  inputs: { inStock: (making) => equipped(making, 'standard'), madeToOrder: (making) => equipped(making, 'workstation') },
  decisions: { handOverDevice: lay },
});

export const prepareWorkplace = sample({
  process: workplace,
  inputs: {
    ordinary: (making) => {
      const { personnelNumber, name, site, firstDay } = hire(making);
      return Promise.resolve({ personnelNumber, name, site, firstDay });
    },
  },
  decisions: { setUpDesk: lay },
});

export const signContract = sample({
  process: employment,
  inputs: {
    // Nobody signs before they are reminded, so that all steps are reached.
    reminded: (making) => {
      const { bundle: _, site: __, ...terms } = hire(making, { reminderIn: soon });
      return Promise.resolve(terms);
    },
  },
  decisions: { approveTerms: { yes: () => ({ outcome: 'approve' }), no: () => ({ outcome: 'reject', reason: 'no budget' }) } },
  messages: { signature: neverComes, signatureAfterReminder: signed },
});

export const employeeOnboarding = sample({
  process: onboarding,
  inputs: { ordinary: (making) => Promise.resolve(hire(making, { reminderIn: soon })) },
  messages: { withdrawn: neverComes },
});

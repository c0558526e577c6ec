import { z } from 'zod';
import { compensation, service } from '../define/activity.ts';
import { Hire } from '../hire.ts';

const bounds = { startToCloseTimeout: '10 seconds', scheduleToCloseTimeout: '5 minutes' } as const;

/** Rejected when there is no such department. */
export const findGroups = service({
  name: 'identity.findGroups',
  title: 'Find the groups of the department',
  input: Hire.pick({ department: true }),
  output: z.strictObject({ groups: z.array(z.string()).min(1).max(50) }),
  readOnly: true,
  ...bounds,
});

const account = {
  input: Hire.pick({ personnelNumber: true, name: true }),
  output: z.strictObject({ accountId: z.string(), login: z.string() }),
};

export const disableAccount = compensation({ name: 'identity.disableAccount', title: 'Disable the account', kind: 'service', ...account, ...bounds });

/** Rejected when the person has an account already. */
export const createAccount = service({ name: 'identity.createAccount', title: 'Create the account', ...account, ...bounds, compensation: disableAccount });

const membership = {
  input: z.strictObject({ accountId: z.string(), group: z.string() }),
  output: z.strictObject({ membershipId: z.string() }),
};

export const removeFromGroup = compensation({ name: 'identity.removeFromGroup', title: 'Remove the account from the group', kind: 'service', ...membership, ...bounds });

export const addToGroup = service({ name: 'identity.addToGroup', title: 'Add the account to the group', ...membership, ...bounds, compensation: removeFromGroup });

import { z } from 'zod';
import { addToGroup, createAccount, findGroups } from '../activities/identity.ts';
import { defineProcess } from '../define/process.ts';
import { Hire } from '../hire.ts';

export const provideAccounts = defineProcess({
  name: 'provideAccounts',
  title: 'Provide the accounts',
  input: Hire.pick({ personnelNumber: true, name: true, department: true }),
  output: z.strictObject({ accountId: z.string(), login: z.string(), groups: z.array(z.string()) }),
  businessKey: ({ personnelNumber }) => personnelNumber,
  steps: { findGroups, createAccount, addToGroup },
});

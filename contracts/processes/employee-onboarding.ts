import { z } from 'zod';
import { message } from '../define/message.ts';
import { defineProcess } from '../define/process.ts';
import { Hire } from '../hire.ts';
import { prepareWorkplace } from './prepare-workplace.ts';
import { provideAccounts } from './provide-accounts.ts';
import { provideEquipment } from './provide-equipment.ts';
import { signContract } from './sign-contract.ts';

export const employeeOnboarding = defineProcess({
  name: 'employeeOnboarding',
  title: 'Make everything ready for somebody’s first day',
  input: Hire,
  output: z.strictObject({ login: z.string(), device: z.string(), desk: z.string(), envelopeId: z.string() }),
  businessKey: ({ personnelNumber }) => personnelNumber,
  steps: {
    accounts: provideAccounts,
    equipment: provideEquipment,
    workplace: prepareWorkplace,
    employment: signContract,
    withdrawal: message({ name: 'withdrawn', title: 'Listen for a withdrawal', payload: z.strictObject({ reason: z.string().min(1).max(500) }) }),
  },
});

import { z } from 'zod';
import { bookDesk } from '../activities/facilities.ts';
import { defineProcess } from '../define/process.ts';
import { Hire } from '../hire.ts';
import { setUpDesk } from '../tasks/set-up-desk.ts';

export const prepareWorkplace = defineProcess({
  name: 'prepareWorkplace',
  title: 'Prepare the workplace',
  input: Hire.pick({ personnelNumber: true, name: true, site: true, firstDay: true }),
  output: z.strictObject({ desk: z.string(), setUpBy: z.string() }),
  businessKey: ({ personnelNumber }) => personnelNumber,
  steps: { bookDesk, setUpDesk },
});

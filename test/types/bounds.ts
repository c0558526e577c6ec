import { service } from '../../contracts/define/activity.ts';
import { bounds, findPlant } from './garden-order.ts';

const base = { name: 'nursery.look', title: 'Look', input: findPlant.input, output: findPlant.output, readOnly: true } as const;

// Nothing hangs for ever: an activity bounds one attempt and the whole.
export const right = service({ ...base, ...bounds });
// @ts-expect-error: no bound on the whole
export const endless = () => service({ ...base, startToCloseTimeout: '10 seconds' });
// @ts-expect-error: no bound on one attempt
export const hanging = () => service({ ...base, scheduleToCloseTimeout: '5 minutes' });
// @ts-expect-error: no unit of time
export const noUnit = service({ ...base, ...bounds, startToCloseTimeout: '10 blossoms' });
// @ts-expect-error: without its unit, a text is no duration
export const noNumber = service({ ...base, ...bounds, heartbeatTimeout: '10' });

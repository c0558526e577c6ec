import { z } from 'zod';
import { service } from '../../contracts/define/activity.ts';
import { bounds, releasePlants } from './garden-order.ts';

const base = { name: 'nursery.water', title: 'Water the plants', input: z.strictObject({ plantId: z.string(), count: z.int() }), output: z.strictObject({ reservationId: z.string() }), ...bounds };

// An activity says what becomes of its effect: exactly one of compensation, readOnly, irreversible.
export const compensated = service({ ...base, compensation: releasePlants });
export const readOnly = service({ ...base, readOnly: true });
export const irreversible = service({ ...base, irreversible: true });

// @ts-expect-error: it does not say
export const silent = () => service(base);
// @ts-expect-error: who only reads has nothing to undo
export const both = () => service({ ...base, readOnly: true, compensation: releasePlants });
// @ts-expect-error: false says nothing
export const not = () => service({ ...base, readOnly: false });

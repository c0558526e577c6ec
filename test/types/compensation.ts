import { z } from 'zod';
import { implement } from '../../activities/implement.ts';
import { compensation, service } from '../../contracts/define/activity.ts';
import { bounds, findPlant, releasePlants, reservePlants } from './garden-order.ts';

const base = { name: 'nursery.order', title: 'Order the plants', ...bounds };
const same = { input: releasePlants.input, output: releasePlants.output };

// A compensation belongs to the activity whose input and output it is given.
export const right = service({ ...base, ...same, compensation: releasePlants });
// @ts-expect-error: it undoes an activity with another input
export const otherInput = service({ ...base, ...same, input: z.strictObject({ plant: z.string() }), compensation: releasePlants });
// @ts-expect-error: it undoes an activity with another output
export const otherOutput = service({ ...base, ...same, output: z.strictObject({ orderId: z.string() }), compensation: releasePlants });
// @ts-expect-error: an activity is no compensation
export const noCompensation = service({ ...base, ...same, compensation: reservePlants });

// What it is given: the forward step's input and key, and its output where there was one; it answers whether there was something to undo.
export const implementation = implement(releasePlants, async ({ input, output, forwardKey }) => ({ undone: output?.reservationId === forwardKey && input.count > 0 }));
// @ts-expect-error: the forward step may never have answered
export const tooSure = implement(releasePlants, async ({ output }) => ({ undone: output.reservationId !== '' }));
// @ts-expect-error: it does not answer as the forward step does
export const wrongAnswer = implement(releasePlants, async () => ({ reservationId: 'r1' }));

// @ts-expect-error: a compensation says what kind of system it asks
export const withoutKind = () => compensation({ name: 'nursery.cancel', title: 'Cancel', input: findPlant.input, output: findPlant.output, ...bounds });

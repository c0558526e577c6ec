import { implement } from '../../activities/implement.ts';
import { findPlant } from './garden-order.ts';

// An implementation takes its contract's input and answers its output.
export const right = implement(findPlant, async ({ name }, { idempotencyKey }) => ({ plantId: `${name}-${idempotencyKey}`, price: 3, hardy: true }));

// @ts-expect-error: the input has no such field
export const wrongInput = implement(findPlant, async ({ title }) => ({ plantId: String(title), price: 3, hardy: true }));
// @ts-expect-error: the answer lacks a field
export const wrongOutput = implement(findPlant, async ({ name }) => ({ plantId: name, price: 3 }));
// @ts-expect-error: it is given a key, a signal and a log, but no such thing
export const wrongCall = implement(findPlant, async ({ name }, { retry }) => ({ plantId: name, price: Number(retry), hardy: true }));

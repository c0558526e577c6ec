import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { attemptsOf, compensation, patienceOf, service } from '../../contracts/define/activity.ts';
import { definitionOf } from '../../contracts/define/definition.ts';
import { milliseconds } from '../../contracts/define/duration.ts';
import { defineProcess } from '../../contracts/define/process.ts';
import { message } from '../../contracts/define/message.ts';
import { humanTask } from '../../contracts/define/task.ts';
import { timer } from '../../contracts/define/timer.ts';
import { bankAnswers, laptop, lookUp, placeOrder } from './contracts.ts';

const plain = z.strictObject({ item: z.string() });
const ask = { name: 'shop.ask', title: 'Ask', input: plain, output: plain, startToCloseTimeout: '1 second', scheduleToCloseTimeout: '1 minute', readOnly: true } as const;
const task = { name: 'look', title: 'Have a look', input: plain, form: plain, candidateGroups: ['desk'] } as const;
const word = { name: 'word', title: 'Wait for word', payload: plain } as const;
const order = { name: 'order', title: 'Order', input: plain, output: plain, steps: {} } as const;

/** Defines what the types refuse or cannot see. */
const activity = (odd: object) => () => service({ ...ask, ...odd });
const person = (odd: object) => () => humanTask({ ...task, ...odd });
const process = (odd: object) => () => defineProcess({ ...order, ...odd });

describe('a contract is refused when it is defined', () => {
  it.each([
    ['a transform', plain.transform(({ item }) => item)],
    ['a transform deep inside', z.object({ a: z.array(z.object({ b: z.string().transform(Number).optional() })) })],
    ['a pipe', z.string().pipe(z.string().min(1))],
    ['a preprocess', z.preprocess(String, z.string())],
    ['a coercion', z.object({ n: z.coerce.number() })],
    ['trimming', z.object({ s: z.string().trim() })],
    ['lower-casing in an array', z.array(z.string().toLowerCase())],
    ['a date', z.object({ on: z.date() })],
    ['a date in a union', z.union([z.string(), z.object({ on: z.date() })])],
    ['a date in a record', z.record(z.string(), z.date())],
    ['a date in a tuple', z.tuple([z.string()], z.date())],
    ['a date behind a lazy', z.object({ inner: z.lazy(() => z.date()) })],
    ['a bigint', z.bigint()],
    ['a literal bigint', z.literal([1, 2n])],
    ['a Map', z.map(z.string(), z.string())],
    ['a Set', z.set(z.string())],
    ['undefined', z.object({ u: z.undefined() })],
    ['NaN', z.nan()],
    ['a class', z.instanceof(Uint8Array)],
    ['a function', z.object({ f: z.custom<() => void>() })],
    ['a codec', z.codec(z.string(), z.number(), { decode: Number, encode: String })],
    ['a catch, which would hide a broken answer', z.object({ n: z.number().catch(0) })],
  ])('with %s in a schema, which is not plain JSON in and out', (_what, schema) => {
    for (const where of ['input', 'output']) {
      expect(activity({ [where]: schema })).toThrow(new RegExp(`^activity "shop.ask", ${where}.*is not plain JSON in and out$`));
      expect(process({ [where]: schema })).toThrow(new RegExp(`^process "order", ${where}.*is not plain JSON`));
    }
    expect(person({ input: schema })).toThrow(/^task "look", input.*is not plain JSON/);
    expect(person({ form: schema })).toThrow(/^task "look", form.*is not plain JSON/);
  });

  it('and the refusal names the place', () => {
    expect(activity({ input: z.object({ lines: z.array(z.object({ paid: z.date() })) }) })).toThrow('activity "shop.ask", input at lines.paid: a date (use an ISO string: z.iso.date() or z.iso.datetime()) is not plain JSON in and out');
  });

  it.each([
    ['without a bound on one attempt', { startToCloseTimeout: undefined }, /shop\.ask.* has no startToCloseTimeout/],
    ['without a bound on the whole', { scheduleToCloseTimeout: undefined }, /shop\.ask.* has no scheduleToCloseTimeout/],
    ['with a bound that is none', { startToCloseTimeout: 0 }, /startToCloseTimeout is 0/],
    ['with a bound in words that nobody knows', { scheduleToCloseTimeout: '5 parsecs' }, /scheduleToCloseTimeout is "5 parsecs".*'5 minutes'/],
    ['with a heartbeat in the past', { heartbeatTimeout: -1 }, /heartbeatTimeout is -1/],
    ['with intervals that cross', { retry: { initialInterval: '1 minute', maximumInterval: '1 second' } }, /initialInterval 1 minute is longer than the maximumInterval 1 second/],
    ['with intervals that shrink', { retry: { backoffCoefficient: 0.5 } }, /backoffCoefficient is 0\.5/],
    ['with no attempts', { retry: { maximumAttempts: 0 } }, /maximumAttempts are 0/],
    ['without a word on its effect', { readOnly: undefined }, /exactly one of compensation, readOnly: true, irreversible: true \(found 0\)/],
    ['with two words on its effect', { irreversible: true }, /\(found 2\)/],
    ['with a patience that never ends', { patience: {} }, /its patience ends never/],
    ['with no patience at all', { patience: { attempts: 0 } }, /its patience ends after 0 attempts/],
    ['with more patience than time', { patience: { after: '1 minute' } }, /its patience ends after 1 minute, but its scheduleToCloseTimeout is 1 minute/],
    ['with a probe that changes something', { probe: { asks: placeOrder } }, /its probe "shop\.placeOrder" must be readOnly and take \{\} as its input/],
    ['with a probe that must be given something', { probe: { asks: lookUp } }, /its probe "shop\.lookUp" must be readOnly and take \{\}/],
    ['with a probe that lets nobody go', { probe: { asks: bankAnswers, perSecond: 0 } }, /its probe lets 0 go in a second/],
    ['with a probe that lets all go at once', { probe: { asks: bankAnswers, perSecond: 500 } }, /its probe lets 500 go in a second; say more than 0, and 50 at most/],
    ['with a name without a system', { name: 'ask' }, /activity name "ask" must match .* for example "ledger\.reserveBudget"/],
    ['with a name that is a path', { name: 'shop.ask/../x' }, /must match/],
    ['with an endless name', { name: `shop.${'a'.repeat(100)}` }, /105 characters; 60 are allowed/],
    ['without a title', { title: ' ' }, /has no title/],
    ['with a title that Temporal would refuse', { title: 'ü'.repeat(101) }, /202 bytes; 200 are allowed/],
  ])('as an activity %s', (_what, odd, says) => {
    expect(activity(odd)).toThrow(says);
  });

  it('as a compensation without bounds', () => {
    expect(() => compensation({ ...ask, kind: 'service', startToCloseTimeout: undefined } as never)).toThrow(/no startToCloseTimeout/);
  });

  it.each([
    ['that nobody could do', { candidateGroups: [] }, /task "look" has no candidate group/],
    ['for a group without a name', { candidateGroups: ['desk', ''] }, /names the group ""/],
    ['that escalates at no time', { escalateTo: ['boss'] }, /escalateTo but neither dueIn nor due/],
    ['that is due twice', { dueIn: '1 hour', due: () => '2026-10-01T09:00:00Z' }, /dueIn and due/],
    ['that is due in no time', { dueIn: 'soon' }, /dueIn is "soon"/],
    ['with an odd name', { name: 'Look At' }, /task name "Look At" must match/],
  ])('as a task %s', (_what, odd, says) => {
    expect(person(odd)).toThrow(says);
  });

  it.each([
    ['with an odd name', { name: 'Wait!' }, /timer name "Wait!" must match/],
    ['without a title', { title: '' }, /timer "rest" has no title/],
    ['that takes no time', { for: 0 }, /timer "rest", for is 0/],
    ['in words that nobody knows', { for: '2 fortnights' }, /for is "2 fortnights"/],
    ['of seconds that were meant as milliseconds', { for: '1800000000 hours' }, /more than 36500 days: check the unit/],
  ])('as a timer %s', (_what, odd, says) => {
    expect(() => timer({ name: 'rest', title: 'Rest', for: '1 day', ...odd } as never)).toThrow(says);
  });

  it.each([
    ['with an odd name', { name: 'Word!' }, /message name "Word!" must match/],
    ['without a title', { title: '' }, /message "word" has no title/],
    ['with a date in its payload', { payload: z.object({ on: z.date() }) }, /message "word", payload at on: a date/],
    ['with a time limit alone', { within: '1 day' }, /message "word" has within but no otherwise/],
    ['with a default alone', { otherwise: { item: 'none' } }, /message "word" has otherwise but no within/],
    ['with a time limit that is none', { within: 0, otherwise: { item: 'none' } }, /message "word", within is 0/],
    ['with a default that nobody could send', { within: '1 day', otherwise: {} }, /message "word": what is given otherwise does not fit/],
  ])('as a message %s', (_what, odd, says) => {
    expect(() => message({ ...word, ...odd } as never)).toThrow(says);
  });

  it.each([
    ['with an odd name', { name: 'Order-1' }, /process name "Order-1" must match/],
    ['with an odd step', { steps: { 'place order': placeOrder } }, /step of process "order": name "place order" must match/],
    ['with a step whose ids would mean something else', { steps: { undo: placeOrder } }, /the name "undo" is taken/],
    ['with a target that is none', { target: '0 days' }, /target is "0 days"/],
    ['with two meanings of one message', { steps: { one: message({ ...word }), two: message({ ...word }) } }, /two contracts for the message "word"/],
  ])('as a process %s', (_what, odd, says) => {
    expect(process(odd)).toThrow(says);
  });
});

describe('a contract may have', () => {
  it('schemas that refer to themselves, unions, records, tuples, defaults and refinements', () => {
    interface Tree {
      readonly of: readonly Tree[];
    }
    const tree: z.ZodType<Tree> = z.lazy(() => z.object({ of: z.array(tree) }));
    const rich = z.object({ tree, any: z.json(), when: z.iso.datetime(), either: z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal(7) })]), pair: z.tuple([z.string(), z.int()]), by: z.record(z.string(), z.number()), n: z.number().default(1), s: z.string().min(1).regex(/x/).refine((s) => s !== 'y'), maybe: z.string().nullable().optional() });
    expect(activity({ input: rich, output: rich })()).toMatchObject({ contract: 'activity', kind: 'service', name: 'shop.ask' });
  });

  it('lengths of time in milliseconds or words', () => {
    expect([250, '1 ms', '1.5 seconds', '2 minutes', '1 hour', '3 days'].map((duration) => milliseconds(duration as never))).toEqual([250, 1, 1_500, 120_000, 3_600_000, 259_200_000]);
    expect(['', '1', '1 week', 'one day', '1  second'].map((duration) => milliseconds(duration as never))).toEqual([NaN, NaN, NaN, NaN, NaN]);
  });
});

describe('who asks a system in vain', () => {
  const bounds = { startToCloseTimeout: '1 second', scheduleToCloseTimeout: '2 hours' } as const;
  const probe = { asks: bankAnswers };

  it('tries on while an operator is told: after ten attempts, where nothing else is said', () => {
    expect([attemptsOf(bounds), patienceOf(bounds)]).toEqual([{ scheduleToCloseTimeout: '2 hours' }, { attempts: 10 }]);
    expect(patienceOf({ ...bounds, scheduleToCloseTimeout: '5 minutes' })).toBeUndefined();
  });

  it('stops when its patience ends, where a probe asks in its place', () => {
    expect(attemptsOf({ ...bounds, probe })).toEqual({ scheduleToCloseTimeout: '2 hours', maximumAttempts: 10 });
    expect(attemptsOf({ ...bounds, probe, patience: { attempts: 5, after: '1 minute' } })).toEqual({ scheduleToCloseTimeout: '1 minute', maximumAttempts: 5 });
    expect(attemptsOf({ ...bounds, probe, retry: { maximumAttempts: 3 } })).toEqual({ scheduleToCloseTimeout: '2 hours', maximumAttempts: 3 });
    expect(patienceOf({ ...bounds, probe })).toBeUndefined();
  });
});

describe('the digest of a definition', () => {
  const digest = (odd: object = {}) => definitionOf(defineProcess({ ...laptop, ...odd } as never)).digest;

  it('is the same for the same definition', () => {
    expect(digest()).toBe(digest());
    expect(digest()).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another for any change that could be seen', () => {
    const { placeOrder: step, ...rest } = laptop.steps;
    const changes = [{}, { title: 'Order two laptops' }, { target: '1 day' }, { input: plain }, { steps: rest }, { steps: { ...rest, placeOrder: step } }, { steps: { ...laptop.steps, placeOrder: { ...step, startToCloseTimeout: '11 seconds' } } }];
    expect(new Set(changes.map(digest)).size).toBe(changes.length);
  });
});

import { z } from 'zod';
import { assertDuration, type Duration, milliseconds } from './duration.ts';
import { assertName, assertTitle } from './names.ts';
import { assertPlainJson } from './plain-json.ts';

export const activityKinds = ['service', 'bot', 'ai'] as const;
/** What is asked: a system with an interface, a robot at a user interface, or a model. Each kind has a task queue of its own. */
export type ActivityKind = (typeof activityKinds)[number];

/** How often and how fast a failed attempt is tried again. Without it: from 1 s, doubling up to 30 s (or the first interval, where that is longer), until `scheduleToCloseTimeout`. */
export interface RetryPolicy {
  readonly initialInterval?: Duration;
  readonly backoffCoefficient?: number;
  readonly maximumInterval?: Duration;
  readonly maximumAttempts?: number;
}

/** When an incident opens while the attempts still go on, so that a step that is tried for hours is seen; at whichever comes first. Where there is a probe, the attempts end with it. */
export interface Patience {
  /** So many attempts have failed. */
  readonly attempts?: number;
  /** So much time has passed since the system was asked first. It costs a timer in each instance's history. */
  readonly after?: Duration;
}

/** A question that a system answers whenever it works, and how fast those are let go that waited for it. */
export interface Probe {
  /** Read-only, and given nothing. */
  readonly asks: ActivityContract;
  /** Incidents in a second; 5 unless told. */
  readonly perSecond?: number;
}

/** The bounds of an activity. Both timeouts are required: nothing may hang for ever. */
export interface ActivityBounds {
  /** The bound on one attempt. */
  readonly startToCloseTimeout: Duration;
  /** The bound on all attempts together, waiting included; after it an incident opens. */
  readonly scheduleToCloseTimeout: Duration;
  /** The longest silence between two heartbeats of an attempt; a worker's death shows after this instead of after the whole attempt. */
  readonly heartbeatTimeout?: Duration;
  readonly retry?: RetryPolicy;
  /** Without it, and where `scheduleToCloseTimeout` is over half an hour: after 10 attempts. */
  readonly patience?: Patience;
  /** Where it is given, incidents of `Unavailable` resolve themselves once the system answers it again, one after the other. */
  readonly probe?: Probe;
}

/** What becomes of an activity's effect when its instance fails or is cancelled. */
export type Effect<I extends z.ZodType, O extends z.ZodType> =
  | { readonly compensation: CompensationContract<I, O>; readonly readOnly?: never; readonly irreversible?: never }
  | { readonly readOnly: true; readonly compensation?: never; readonly irreversible?: never }
  | { readonly irreversible: true; readonly compensation?: never; readonly readOnly?: never };

interface ActivityBase<I extends z.ZodType, O extends z.ZodType> extends ActivityBounds {
  /** `<system>.<verb>`, for example `ledger.reserveBudget`; also the Temporal activity type. */
  readonly name: string;
  /** What a person reads: the imperative, for example `Reserve the budget`. */
  readonly title: string;
  readonly input: I;
  readonly output: O;
}

/** A service that answers fast. Its first attempt is made by the workflow worker itself, which leaves one event instead of three (docs/steps/quick.md). */
export interface Quick {
  readonly quick?: true;
}

export type ActivityContract<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = ActivityBase<I, O> &
  Effect<I, O> &
  Quick & { readonly contract: 'activity'; readonly kind: ActivityKind };

/** What a compensation is given: the forward step's input, its output where it gave one, and its idempotency key. */
export interface Compensated<I, O> {
  input: I;
  output?: O;
  forwardKey: string;
}

/** `undone: false` says that there was nothing to undo, which is a success. */
export const CompensationResult = z.object({ undone: z.boolean() });
export type CompensationResult = z.infer<typeof CompensationResult>;

export type CompensationContract<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = ActivityBase<I, O> & {
  readonly contract: 'compensation';
  readonly kind: ActivityKind;
};

type ActivitySpec<I extends z.ZodType, O extends z.ZodType> = ActivityBase<I, O> & Effect<I, O> & Quick;

/** An activity of a system with an interface: HTTP, SMTP, a database. */
export const service = activity('service');
/** An activity of a robot that works at a user interface. */
export const bot = activity('bot');
/** An activity of a model or of a recogniser: its answer is a judgement with a confidence. */
export const ai = activity('ai');

function activity(kind: ActivityKind) {
  return <I extends z.ZodType, O extends z.ZodType>(spec: ActivitySpec<I, O>): ActivityContract<I, O> => {
    check(spec);
    checkQuick({ kind, ...spec });
    const effects = [spec.compensation !== undefined, spec.readOnly === true, spec.irreversible === true].filter(Boolean).length;
    if (effects !== 1) {
      throw new Error(`activity "${spec.name}": say exactly one of compensation, readOnly: true, irreversible: true (found ${effects})`);
    }
    return Object.freeze({ ...spec, contract: 'activity', kind });
  };
}

/**
 * The activity that undoes another. `input` and `output` are the schemas of the activity that it undoes; its implementation gets
 * `{ input, output?, forwardKey }` and answers `{ undone }`. It must take "nothing there" as success, and should leave word with the system that
 * a late call under `forwardKey` is to be refused.
 */
export function compensation<I extends z.ZodType, O extends z.ZodType>(
  spec: ActivityBase<I, O> & { readonly kind: ActivityKind },
): CompensationContract<I, O> {
  check(spec);
  return Object.freeze({ ...spec, contract: 'compensation' });
}

/** The schema of what a compensation is given. */
export function compensatedSchema(contract: CompensationContract): z.ZodType<Compensated<unknown, unknown>> {
  return z.object({ input: contract.input, output: contract.output.optional(), forwardKey: z.string().min(1) });
}

/** How long is long, and how often an activity that has so long may fail before it is an incident. */
const [long, often] = ['30 minutes', 10] as const;

const patienceIn = ({ patience, scheduleToCloseTimeout }: ActivityBounds): Patience | undefined => patience ?? (milliseconds(scheduleToCloseTimeout) > milliseconds(long) ? { attempts: often } : undefined);

/** `undefined` where an incident opens only when all attempts are over. */
export const patienceOf = (bounds: ActivityBounds): Patience | undefined => (bounds.probe ? undefined : patienceIn(bounds));

/** How long, and how often at most, a system is asked until an incident opens. Where it has a probe, that is as long as the patience lasts: were those that wait tried on, one that comes back would be asked by all at once. */
export function attemptsOf(bounds: ActivityBounds): { readonly scheduleToCloseTimeout: Duration; readonly maximumAttempts?: number } {
  const { scheduleToCloseTimeout, retry: { maximumAttempts = Infinity } = {}, probe } = bounds;
  const { attempts = Infinity, after = scheduleToCloseTimeout } = (probe && patienceIn(bounds)) ?? {};
  const most = Math.min(maximumAttempts, attempts);
  return { scheduleToCloseTimeout: after, ...(most === Infinity ? {} : { maximumAttempts: most }) };
}

function checkProbe({ what, probe: { asks, perSecond = 1 } }: { what: string; probe: Probe }): void {
  if (asks.readOnly !== true || !asks.input.safeParse({}).success) throw new Error(`${what}: its probe "${asks.name}" must be readOnly and take {} as its input`);
  if (!(perSecond > 0 && perSecond <= 50)) throw new Error(`${what}: its probe lets ${perSecond} go in a second; say more than 0, and 50 at most`);
}

/** The workflow worker answers nothing else for its instance meanwhile, and Temporal gives it ten seconds. */
const quickest = '5 seconds';

function checkQuick({ name, kind, quick, startToCloseTimeout }: { name: string; kind: ActivityKind; startToCloseTimeout: Duration } & Quick): void {
  if (quick === undefined) return;
  if (kind !== 'service') throw new Error(`activity "${name}" is quick, but only a service can be: robots and models run on workers of their own`);
  if (milliseconds(startToCloseTimeout) > milliseconds(quickest)) throw new Error(`activity "${name}" is quick, but its startToCloseTimeout is ${startToCloseTimeout}: a quick one has ${quickest} at most`);
}

function check(spec: ActivityBase<z.ZodType, z.ZodType>): void {
  assertName({ what: 'activity', name: spec.name, pattern: /^[a-z][A-Za-z0-9]*\.[a-z][A-Za-z0-9]*$/, example: 'ledger.reserveBudget' });
  const what = `activity "${spec.name}"`;
  assertTitle({ what, title: spec.title });
  for (const bound of ['startToCloseTimeout', 'scheduleToCloseTimeout'] as const) {
    if (spec[bound] === undefined) throw new Error(`${what} has no ${bound}: every activity needs a bound on one attempt and on the whole`);
  }
  const { startToCloseTimeout, scheduleToCloseTimeout, heartbeatTimeout, patience, retry: { initialInterval, maximumInterval, backoffCoefficient = 2, maximumAttempts = 1 } = {} } = spec;
  for (const [name, duration] of Object.entries({ startToCloseTimeout, scheduleToCloseTimeout, heartbeatTimeout, initialInterval, maximumInterval, 'patience.after': patience?.after })) {
    if (duration !== undefined) assertDuration({ duration, where: `${what}, ${name}` });
  }
  if (initialInterval !== undefined && maximumInterval !== undefined && milliseconds(initialInterval) > milliseconds(maximumInterval)) {
    throw new Error(`${what}, retry: the initialInterval ${initialInterval} is longer than the maximumInterval ${maximumInterval}`);
  }
  if (!(backoffCoefficient >= 1)) throw new Error(`${what}, retry: the backoffCoefficient is ${backoffCoefficient}; it must be 1 or more`);
  if (!(Number.isInteger(maximumAttempts) && maximumAttempts >= 1)) throw new Error(`${what}, retry: the maximumAttempts are ${maximumAttempts}; say 1 or more, or nothing for as many as the time allows`);
  if (patience) {
    const { attempts, after } = patience;
    if (attempts === undefined && after === undefined) throw new Error(`${what}: its patience ends never; say attempts, after, or both`);
    if (attempts !== undefined && !(Number.isInteger(attempts) && attempts >= 1)) throw new Error(`${what}: its patience ends after ${attempts} attempts; say 1 or more`);
    if (after !== undefined && milliseconds(after) >= milliseconds(scheduleToCloseTimeout)) throw new Error(`${what}: its patience ends after ${after}, but its scheduleToCloseTimeout is ${scheduleToCloseTimeout}: an incident opens then anyway`);
  }
  if (spec.probe) checkProbe({ what, probe: spec.probe });
  assertPlainJson({ schema: spec.input, where: `${what}, input` });
  assertPlainJson({ schema: spec.output, where: `${what}, output` });
}

import type { OptionalContract, StepContract } from '../contracts/define/process.ts';
import type { InstanceStatus } from '../visibility/instance-view.ts';

/** What a worker is told to do with a call of an activity, before it does what is asked or after. */
export type Order =
  | 'go'
  | 'throw'
  | 'refuse'
  /** Fails in a way that no retry mends. */
  | 'fail'
  /** Answers with what breaks the contract. */
  | 'break'
  /** Never answers. */
  | 'fall silent'
  /** Never answers, and does what was asked when the instance has ended. */
  | 'act late'
  /** Lives on until it is cancelled. */
  | 'linger'
  /** Dies at its turn: asks again a little later, from Temporal's point of view as another attempt. */
  | 'wait'
  /** Is not answered any more: the process is killed. */
  | 'die';

export interface Fault {
  /** The head of its column. */
  readonly title: string;
  readonly moment: 'before' | 'after';
  readonly order: Order;
  /** How the instance ends by it; `undefined` where it goes on as if nothing had been. */
  readonly ends?: InstanceStatus;
  /** What an operator does with the incident that it opens. */
  readonly operator?: 'retry' | 'fail';
}

export const faults = {
  throws: { title: 'throws', moment: 'before', order: 'throw' },
  refuses: { title: 'refuses', moment: 'before', order: 'refuse', ends: 'rejected' },
  timesOutBefore: { title: 'times out before', moment: 'before', order: 'fall silent' },
  timesOutAfter: { title: 'times out after', moment: 'after', order: 'fall silent' },
  actsLate: { title: 'acts too late', moment: 'before', order: 'act late' },
  diesBefore: { title: 'worker dies before', moment: 'before', order: 'die' },
  diesAfter: { title: 'worker dies after', moment: 'after', order: 'die' },
  breaksSchema: { title: 'breaks schema', moment: 'after', order: 'break', operator: 'retry' },
  breaksForGood: { title: 'same, given up', moment: 'after', order: 'break', operator: 'fail', ends: 'failed' },
  compensationFails: { title: 'undo fails', moment: 'before', order: 'fail', operator: 'retry' },
  cancelledBefore: { title: 'cancel before', moment: 'before', order: 'linger', ends: 'cancelled' },
  cancelledAfter: { title: 'cancel after', moment: 'after', order: 'linger', ends: 'cancelled' },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as FaultName[];
export const faultOf = (name: FaultName): Fault => faults[name];

/** The id of a visit (`reserveBudget`) or of its compensation (`undo:reserveBudget`). */
export type Place = string;
export const undoing = (place: Place): Place => `undo:${place}`;
export const isUndoing = (place: Place): boolean => place.startsWith('undo:');

export interface PlannedFault {
  readonly place: Place;
  readonly fault: FaultName;
}

const inWords = ({ place, fault }: PlannedFault): string => `${place} ${faults[fault].title}`;
export const faultsInWords = (planned: readonly PlannedFault[]): string => planned.map(inWords).join(', ') || 'nothing goes wrong';

export const isCancellation = (fault: FaultName): boolean => faultOf(fault).order === 'linger';
export const isDeath = (fault: FaultName): boolean => faultOf(fault).order === 'die';

/** What a step asks, whether the process can do without it or not. */
export const asksOf = (step: StepContract): Exclude<StepContract, OptionalContract> => (step.contract === 'optional' ? step.asks : step);

/** What can go wrong at a step, by what it asks. A person throws nothing and answers in their own time; their late answer is no fault. */
const applicable: { readonly [K in StepContract['contract']]: (contract: Extract<StepContract, { contract: K }>) => readonly FaultName[] } = {
  activity: ({ compensation, readOnly }) =>
    faultNames.filter((name) => (name !== 'compensationFails' || compensation !== undefined) && (name !== 'actsLate' || readOnly !== true)),
  task: () => ['refuses', 'diesBefore', 'diesAfter', 'breaksSchema', 'cancelledBefore'],
  message: () => ['diesBefore', 'diesAfter', 'breaksSchema', 'cancelledBefore'],
  timer: () => ['diesBefore', 'cancelledBefore'],
  // What goes wrong inside of a sub-process is in its own table; it fails as a whole when somebody cancels it by itself.
  process: () => ['throws', 'diesBefore', 'cancelledBefore'],
  optional: ({ asks }) => applicableTo(asks),
};

export const applicableTo = (step: StepContract): readonly FaultName[] => (applicable[step.contract] as (contract: StepContract) => readonly FaultName[])(step);

/** What can go wrong while a step is undone; nobody can cancel that, and a compensation that is given up leaves its effect by decision. */
export const applicableToUndoing: readonly FaultName[] = ['throws', 'refuses', 'timesOutBefore', 'timesOutAfter', 'actsLate', 'diesBefore', 'diesAfter', 'breaksSchema', 'compensationFails'];

/** What does not fit a schema, whatever it asks for; `undefined` where it takes anything. */
export function misfit(schema: { safeParse(value: unknown): { success: boolean } }): { readonly value: unknown } | undefined {
  const value = [null, 'broken by the campaign', 42, [], { brokenBy: 'the campaign' }].find((candidate) => !schema.safeParse(candidate).success);
  return value === undefined ? undefined : { value };
}

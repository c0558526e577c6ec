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
  /** Goes on when an operator has done with the instance what was planned. */
  | 'stay'
  /** Dies at its turn: asks again a little later, from Temporal's point of view as another attempt. */
  | 'wait'
  /** Is not answered any more: the process is killed. */
  | 'die';

/** What an operator does with an incident. By hand: what was asked for was done by a person, and not by the system. */
export type Remedy = 'retry' | 'retry with input' | 'supply what it gave' | 'do it by hand' | 'skip' | 'fail' | 'cancel, then retry';
/** What an operator does with the instance: before the step has ended, or, where it goes back past it, after. */
export type Errand = 'cancel' | 'pause' | 'rewind' | 'rewind past';

export interface Fault {
  /** The head of its column. */
  readonly title: string;
  readonly moment: 'before' | 'after';
  readonly order: Order;
  /** How the instance ends by it; `undefined` where it goes on as if nothing had been. */
  readonly ends?: InstanceStatus;
  /** What an operator does with the incident that it opens. */
  readonly operator?: Remedy;
  readonly errand?: Errand;
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
  breaksChanged: { title: 'same, other input', moment: 'after', order: 'break', operator: 'retry with input' },
  breaksSupplied: { title: 'same, output given', moment: 'after', order: 'break', operator: 'supply what it gave' },
  doneByHand: { title: 'done by hand', moment: 'before', order: 'fail', operator: 'do it by hand' },
  skipped: { title: 'is skipped', moment: 'before', order: 'fail', operator: 'skip' },
  compensationFails: { title: 'undo fails', moment: 'before', order: 'fail', operator: 'retry' },
  undoGivenUp: { title: 'undo given up', moment: 'before', order: 'fail', operator: 'fail' },
  cancelledBefore: { title: 'cancel before', moment: 'before', order: 'linger', ends: 'cancelled', errand: 'cancel' },
  cancelledAfter: { title: 'cancel after', moment: 'after', order: 'linger', ends: 'cancelled', errand: 'cancel' },
  cancelledWhileUndone: { title: 'cancel while undone', moment: 'before', order: 'stay', errand: 'cancel' },
  cancelledAtIncident: { title: 'cancel at failed undo', moment: 'before', order: 'fail', operator: 'cancel, then retry' },
  pausedThere: { title: 'paused there', moment: 'before', order: 'stay', errand: 'pause' },
  rewoundThere: { title: 'goes back there', moment: 'after', order: 'stay', errand: 'rewind' },
  rewoundPast: { title: 'goes back later', moment: 'after', order: 'go', errand: 'rewind past' },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as FaultName[];
export const faultOf = (name: FaultName): Fault => faults[name];

/** The id of a visit (`reserveBudget`) or of its compensation (`undo:reserveBudget`). */
export type Place = string;

export interface PlannedFault {
  readonly place: Place;
  readonly fault: FaultName;
}

const inWords = ({ place, fault }: PlannedFault): string => `${place} ${faults[fault].title}`;
export const faultsInWords = (planned: readonly PlannedFault[]): string => planned.map(inWords).join(', ') || 'nothing goes wrong';

export const isCancellation = (fault: FaultName): boolean => faultOf(fault).errand === 'cancel';
export const isDeath = (fault: FaultName): boolean => faultOf(fault).order === 'die';

/** What a step asks, whether the process can do without it or not. */
export const asksOf = (step: StepContract): Exclude<StepContract, OptionalContract> => (step.contract === 'optional' ? step.asks : step);

/** What can go wrong while a step is undone; one that is done by hand, or given up, leaves its effect in the books by decision. */
export const applicableToUndoing: readonly FaultName[] = [
  ...(['throws', 'refuses', 'timesOutBefore', 'timesOutAfter', 'actsLate', 'diesBefore', 'diesAfter', 'breaksSchema', 'breaksChanged'] as const),
  ...(['doneByHand', 'compensationFails', 'undoGivenUp', 'cancelledWhileUndone', 'cancelledAtIncident'] as const),
];
const onlyInUndoing: readonly FaultName[] = ['undoGivenUp', 'cancelledWhileUndone', 'cancelledAtIncident'];
/** Whatever it waits for. */
const onTheWay = ['cancelledBefore', 'pausedThere', 'rewoundThere', 'rewoundPast'] as const;

/**
 * What can go wrong at a step, by what it asks. A person throws nothing and answers in their own time; their late answer is no fault. An incident of theirs, of a message or of a
 * timer comes of an unfit input alone, which is a matter of the flow.
 */
const applicable: { readonly [K in StepContract['contract']]: (contract: Extract<StepContract, { contract: K }>) => readonly FaultName[] } = {
  activity: ({ compensation, readOnly }) =>
    faultNames.filter((name) => {
      if (name === 'compensationFails') return compensation !== undefined;
      // Nobody does by hand what only asks.
      if (name === 'actsLate' || name === 'doneByHand') return readOnly !== true;
      return name !== 'skipped' && !onlyInUndoing.includes(name);
    }),
  task: () => ['refuses', 'diesBefore', 'diesAfter', 'breaksSchema', ...onTheWay],
  message: () => ['diesBefore', 'diesAfter', 'breaksSchema', ...onTheWay],
  timer: () => ['diesBefore', ...onTheWay],
  // What goes wrong inside of a sub-process is in its own table; it fails as a whole when somebody cancels it by itself.
  process: () => ['throws', 'breaksForGood', 'breaksChanged', 'doneByHand', 'diesBefore', ...onTheWay],
  optional: ({ asks }) => [...applicableTo(asks), 'skipped'],
};

export const applicableTo = (step: StepContract): readonly FaultName[] => (applicable[step.contract] as (contract: StepContract) => readonly FaultName[])(step);

/** What does not fit a schema, whatever it asks for; `undefined` where it takes anything. */
export function misfit(schema: { safeParse(value: unknown): { success: boolean } }): { readonly value: unknown } | undefined {
  const value = [null, 'broken by the campaign', 42, [], { brokenBy: 'the campaign' }].find((candidate) => !schema.safeParse(candidate).success);
  return value === undefined ? undefined : { value };
}

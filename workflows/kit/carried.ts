import type { Decision, IncidentMemo, IncidentVerb, MessageMemo, MessageSignal, TaskMemo } from '../../contracts/verbs.ts';
import type { PlainFailure } from './failure.ts';

/** How a step ended, as its flow learned it. */
export interface Answer {
  readonly id: string;
  readonly output?: unknown;
  /** Where it failed. */
  readonly failure?: PlainFailure;
  /** What it did that can be undone. */
  readonly effects?: readonly Effect[];
}

export interface Effect {
  readonly activityId: string;
  readonly forwardKey: string;
  readonly input: unknown;
  readonly output?: unknown;
}

export interface CarriedTasks {
  readonly open: readonly {
    readonly id: string;
    readonly memo: TaskMemo;
    /** Where it was taken, but the flow had not come to the step again to learn of it. */
    readonly decision?: Decision;
  }[];
  /** When each that was decided was decided; what was decided is its step's answer. */
  readonly decidedAt: Readonly<Record<string, string>>;
}

/** What operators had a step asked with, each instead of the one before. */
export interface Changes {
  /** The newest last. */
  readonly inputs: readonly unknown[];
  /** Whether what the step did with the input before the newest is undone. */
  readonly clean: boolean;
}

export interface CarriedIncidents {
  readonly open: readonly {
    readonly id: string;
    readonly activityId: string;
    readonly waitsFor: readonly string[];
    readonly memo: IncidentMemo;
    /** Where it was taken, but the flow had not come to the step again to learn of it. */
    readonly resolution?: { readonly verb: IncidentVerb; readonly by: string; readonly failure?: PlainFailure | undefined; readonly supplied?: { readonly output: unknown } | undefined };
  }[];
  readonly resolved: Readonly<Record<string, { readonly verb: IncidentVerb; readonly by: string }>>;
  /** How many each activity id has had. */
  readonly counts: Readonly<Record<string, number>>;
  /** By activity id. */
  readonly changes?: Readonly<Record<string, Changes>>;
}

export interface CarriedMessages {
  readonly early: readonly Pick<MessageSignal, 'name' | 'id' | 'payload'>[];
  /** Names and ids of all that came. */
  readonly known: readonly (readonly [name: string, id: string])[];
  readonly awaited: Readonly<Record<string, MessageMemo>>;
  /** By the visit that took it, the id of a message. */
  readonly taken?: Readonly<Record<string, string>>;
}

/**
 * What an instance takes along when it continues as a new run: what its flow has learned, in that order, and what is open. The flow itself is run anew, and is
 * told at once what it has learned before. The names here are in the inputs of running instances: changing one breaks them.
 */
export interface Carried {
  readonly format: 1;
  readonly answers: readonly Answer[];
  readonly tasks: CarriedTasks;
  readonly incidents: CarriedIncidents;
  readonly messages: CarriedMessages;
  /** When each timer that runs ends, by the visit's id; ISO 8601. */
  readonly timers: Readonly<Record<string, string>>;
  /** What became of signals, as the memo tells it. */
  readonly verdicts: Readonly<Record<string, readonly object[]>>;
}

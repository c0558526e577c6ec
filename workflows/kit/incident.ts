import type { TemporalFailure } from '@temporalio/workflow';
import type { IncidentMemo, IncidentVerb } from '../../contracts/verbs.ts';

export interface Resolution {
  readonly verb: IncidentVerb;
  readonly by: string;
  /** What the step is told where it is not to be tried again. */
  readonly failure?: TemporalFailure | undefined;
  /** What it gives without being tried again. */
  readonly supplied?: Supplied | undefined;
}

/** An output that a person has given in a system's place, checked by the contract. */
export interface Supplied {
  readonly output: unknown;
}

export interface Incident {
  readonly activityId: string;
  readonly waitsFor: readonly string[];
  memo: IncidentMemo;
  resolution?: Resolution;
  withdrawn?: boolean;
}

/** What is waited for: the step, and what it asks. */
export interface Trouble {
  readonly activityId: string;
  readonly step: string;
  readonly visit: number;
  readonly title: string;
  readonly of: IncidentMemo['of'];
  /** The activity's or task's name. */
  readonly activity: string;
  /** The system or groups behind it. */
  readonly waitsFor: readonly string[];
  readonly optional?: boolean;
  /** By which it is known that the system answers again. */
  readonly probe?: { readonly activity: string; readonly perSecond: number } | undefined;
}

/** Why a step is held up. */
export interface Failure {
  readonly error: unknown;
  /** What the step was given, where it never got as far as being asked: then no event shows it. */
  readonly given?: unknown;
}

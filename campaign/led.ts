import type { RewindPlan } from '../contracts/rewind.ts';
import type { InstanceView } from '../visibility/instance-view.ts';
import type { Place } from './faults.ts';

/** An instance that has ended, with those that its steps ran. */
export interface Ended {
  readonly view: InstanceView;
  readonly subs: readonly Ended[];
}

/** The outermost, and what its last view does not say. */
export interface Led extends Ended {
  /** Sub-processes that ended in an incident and were run again, under the same id and with other keys. */
  readonly former: readonly Ended[];
  /** All instances that were seen on the way. */
  readonly met: readonly Met[];
  /** How it went back, as far as anybody was told; and how often it may have. */
  readonly rewinds: readonly RewindPlan[];
  readonly tries: number;
  readonly decided: Decided;
}

/** What people decided that the books of the systems cannot know. */
export interface Decided {
  /** Steps that a person did by hand: the systems know nothing of it. */
  readonly byHand: readonly Place[];
  /** Effects that stand because somebody gave up on undoing them, or undid them elsewhere; twice for two that were. */
  readonly leftStanding: readonly Place[];
  /** Where these steps may have had other troubles too. */
  readonly loose: boolean;
}

/** An instance as it was seen on the way, of which its last view may say nothing any more. */
export interface Met {
  readonly id: string;
  readonly process: string;
  /** The instance and the visit that ran it. */
  readonly parent: { readonly id: string; readonly place: Place } | null;
  /** The most visits that each step has had. */
  readonly visits: Map<string, number>;
  /** The most incidents that each place has had. */
  readonly incidents: Map<Place, number>;
}

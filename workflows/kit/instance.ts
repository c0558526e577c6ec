import type { ProcessContract } from '../../contracts/define/process.ts';
import type { ParentMemo } from '../../contracts/verbs.ts';
import type { Alarms } from './alarms.ts';
import type { Compensations } from './compensations.ts';
import type { takeDecisions } from './decide-signal.ts';
import type { Gate } from './gate.ts';
import type { Failure, Supplied, Trouble } from './incident.ts';
import type { Incidents } from './incidents.ts';
import type { Journal } from './journal.ts';
import type { Messages } from './messages.ts';
import type { QuickSteps } from './quick.ts';
import type { Rewind } from './rewind.ts';
import type { Seam } from './seam.ts';
import type { Tasks } from './tasks.ts';
import type { Waits } from './waits.ts';

/** What all steps of one running instance have in common. */
export interface Instance {
  readonly id: string;
  readonly process: ProcessContract;
  /** Part of every idempotency key; a restart or a rewind gives another. */
  readonly generation: string;
  /** The step of another instance that runs this one. */
  readonly parent: ParentMemo | undefined;
  readonly waits: Waits;
  readonly tasks: Tasks;
  readonly incidents: Incidents;
  readonly alarms: Alarms;
  readonly messages: Messages;
  /** Decisions that came by signal. */
  readonly signals: ReturnType<typeof takeDecisions>;
  readonly compensations: Compensations;
  /** The key that a visit hands to the outside world. */
  key(activityId: string): string;
  readonly journal: Journal;
  readonly seam: Seam;
  readonly gate: Gate;
  readonly rewind: Rewind;
  readonly quick: QuickSteps;
  /** When each timer that runs ends, by the visit's id; ISO 8601. */
  readonly timers: Map<string, string>;
  /**
   * Runs a step in a scope of its own, and follows it until it settles, so that the end of the instance can wait for it. What is learned of it is kept under
   * its `id`.
   */
  run<R>(step: () => Promise<R>, id?: string): Promise<R>;
  /**
   * Runs the flow's body, then cancels and settles what is still in flight. Where a person decided to fail a step or to cancel the instance, that
   * is what it throws, whatever the body made of it.
   *
   * @param resultOf checks what the body returned
   */
  runBody<R, O>(run: { readonly given: unknown; body(): Promise<R>; resultOf(returned: R): O }): Promise<O>;
  /**
   * Opens an incident, or takes up the one that a former run has opened, and waits for its decision: returns when the step is to be tried again, or with what it
   * gives without that; throws when it is to fail.
   */
  holdUp(trouble: Trouble, failure?: Failure): Promise<Supplied | undefined>;
}

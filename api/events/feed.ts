import { setTimeout as pause } from 'node:timers/promises';
import { unavailable } from '../../contracts/failures.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { InstanceRow } from '../instances/row.ts';
import type { Log } from '../log.ts';
import type { Execution } from '../../engine/executions.ts';
import { requireAnswer } from '../temporal/follow.ts';
import { isPassing } from '../../engine/grpc.ts';
import type { Temporal } from '../../engine/temporal.ts';
import type { FeedEvent } from './feed-event.ts';
import { type Batch, endOfBatch, feedIdOf, type FeedPosition, openFeedLog, positionsIn } from './feed-log.ts';
import { type Lead, takeLead } from './lead.ts';
import { messageOf, placeOf, temporalMessage } from './message.ts';
import type { Listener } from './streams.ts';

export interface Deps {
  readonly temporal: Temporal;
  readonly names: readonly string[];
  readonly rowOf: (execution: Execution) => InstanceRow;
  readonly directory: string;
  readonly log: Log;
}

export interface Seat {
  readonly listener: Listener;
  /** The one process whose instances are told; all where there is none. */
  readonly process: string | undefined;
}

export interface Feed {
  attach(request: Seat & { readonly position: FeedPosition | undefined }): void;
  stop(): void;
}

/** Milliseconds between two looks at Temporal, between two at the log that another process writes, and between two at whether Temporal answers. */
const [lookEvery, readEvery, askEvery] = [1_000, 250, 5_000];
/** How many times as long as a look took the next one waits at least. */
const restFactor = 4;

/**
 * Tells all who listen to all instances. Of the processes that share the log one looks at Temporal and writes what it finds; the others read that.
 * Settles after the first look.
 */
export async function startFeed({ temporal, names, rowOf, directory, log }: Deps): Promise<Feed> {
  const stop = new AbortController();
  const { signal } = stop;
  const feedLog = await openFeedLog({ directory });
  const seats = new Set<Seat>();
  let answers = true;
  let lead: Lead | undefined;
  let asked = 0;
  let complaint = '';

  const tell = (batch: Batch): void => {
    if (batch.gap) return toAll(resetMessage({ because: 'gap', batch }));
    for (const { position, event } of positionsIn(batch)) {
      const message = eventMessage({ position, event });
      for (const { listener, process } of seats) if (isFor({ event, process })) listener.send(message);
    }
  };
  const toAll = (message: Buffer): void => seats.forEach(({ listener }) => listener.send(message));
  const catchUp = async (): Promise<void> => (await feedLog.catchUp()).forEach(tell);

  const note = (now: boolean): void => {
    if (now !== answers) toAll(temporalMessage({ answers: now }));
    answers = now;
  };

  const giveUpLead = async (): Promise<void> => {
    const held = lead;
    lead = undefined;
    // Whoever comes next takes it over from a process that is silent.
    await held?.release().catch((error: unknown) => log.error('the lock of the log of events could not be released', { cause: errorMessage(error) }));
  };

  async function round(): Promise<void> {
    lead ??= await takeLead({ temporal, names, rowOf, directory, feedLog, catchUp, tell, signal });
    if (lead) {
      const batch = await lead.look();
      if (batch) tell(batch);
      note(true);
      return;
    }
    await catchUp();
    if (Date.now() - asked < askEvery) return;
    asked = Date.now();
    await requireAnswer(temporal, signal);
    note(true);
  }

  async function patientRound(): Promise<void> {
    try {
      await round();
      complaint = '';
    } catch (error) {
      if (signal.aborted) return;
      if (isPassing(error)) return note(false);
      // What was found and not written is found again from what is on the disk.
      await giveUpLead();
      if (errorMessage(error) !== complaint) log.error('the events of all instances are held up', { cause: errorMessage(error) });
      complaint = errorMessage(error);
    }
  }

  async function goOn(): Promise<void> {
    try {
      while (!signal.aborted) {
        const began = Date.now();
        await patientRound();
        const took = Date.now() - began;
        await pause(lead ? Math.max(lookEvery - took, took * restFactor) : readEvery, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      await giveUpLead();
    }
  }

  await patientRound();
  void goOn();

  return {
    attach({ listener, process, position }) {
      const newest = feedLog.newest();
      if (!newest) throw unavailable('Temporal does not answer at the moment, so there is nothing yet to tell changes from. Connect again; GET /api/health/ready tells when it is back.');
      const missed = position && feedLog.after(position);
      if (missed) for (const { position: at, event } of missed) if (isFor({ event, process })) listener.send(eventMessage({ position: at, event }));
      if (!missed) listener.send(resetMessage({ because: position ? 'forgotten' : 'connected', batch: newest }));
      if (!answers) listener.send(temporalMessage({ answers }));
      // Of instances that are not for this listener nothing is sent; its place moves on nevertheless, lest it grow too old.
      listener.beat(() => placeOf(feedIdOf(endOfBatch(feedLog.newest() ?? newest))));
      const seat: Seat = { listener, process };
      seats.add(seat);
      listener.onGone(() => seats.delete(seat));
    },
    stop: () => stop.abort(),
  };
}

const isFor = ({ event, process }: { event: FeedEvent; process: string | undefined }): boolean => process === undefined || event.instance.process === process;

const eventMessage = ({ position, event: { change, ...data } }: { position: FeedPosition; event: FeedEvent }): Buffer => messageOf({ event: change, id: feedIdOf(position), data });

const resetMessage = ({ because, batch }: { because: 'connected' | 'forgotten' | 'gap'; batch: Batch }): Buffer =>
  messageOf({ event: 'reset', id: feedIdOf(endOfBatch(batch)), data: { because } });

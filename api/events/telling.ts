import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { temporal } from '@temporalio/proto';
import type { ProcessDefinition } from '../../contracts/define/definition.ts';
import { growView } from '../../visibility/view.ts';
import type { Description } from '../../engine/executions.ts';
import type { Instance } from '../instances/view-schema.ts';
import { areOne, endOf, isBare, type RunEnd, timeOf } from './history.ts';
import { difference } from '../../visibility/json-patch.ts';
import { messageOf } from './message.ts';
import { idOf, type Position } from './position.ts';
import type { InstanceChange } from './schemas.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** A message that is told of a run, with the place that it leads to. */
export interface Told {
  readonly position: Position;
  readonly message: Buffer;
}

/** Milliseconds after which a long history lets others have their turn. */
const longestTurn = 20;

/** Makes the messages of a stretch of history, with pauses. */
export async function tellAll({ telling, events, tell }: { telling: Telling; events: readonly Event[]; tell: (told: Told) => void }): Promise<void> {
  let since = Date.now();
  for (const told of telling.grow(events)) {
    tell(told);
    if (Date.now() - since < longestTurn) continue;
    await breathe();
    since = Date.now();
  }
}

/** A run of an instance, and what is always so of it. */
export interface Run {
  readonly id: string;
  readonly runId: string;
  readonly process: string;
  readonly definition: ProcessDefinition;
  readonly links: Instance['links'];
}

export type Telling = ReturnType<typeof createTelling>;

interface Beginning {
  readonly run: Run;
  /** The runs that it continues, whole, in their order. */
  readonly before?: readonly { readonly run: Run; readonly events: readonly Event[] }[];
  /** Whether the messages go on from those of the runs before; otherwise the first one tells all. */
  readonly goesOn?: boolean;
  /** Up to this event of the run nothing is told; the first message then says how things stand. */
  readonly quietUntil?: number;
}

/**
 * Makes the messages of a run, and of the runs that continue it, out of their histories, one for each moment at which the instance looks different. The
 * same history makes the same messages, in whatever stretches it comes: that is what makes them resumable anywhere.
 */
export function createTelling({ run: first, before = [], goesOn = false, quietUntil = 0 }: Beginning) {
  const growing = growView(first.definition);
  let run = first;
  let told: { readonly position: Position; readonly instance: Instance } | undefined;
  /** The newest event that was taken. */
  let event = 0;
  let end: RunEnd | undefined;
  let quiet = 0;

  const lookWith = (description: Description): Instance => {
    const { id, runId, process, links } = run;
    const bare: Description = { workflowExecutionInfo: { execution: { workflowId: id, runId }, type: { name: process } } };
    return plain({ ...growing.view({ ...description, ...bare }), links });
  };

  const look = (at: Date): Told | undefined => {
    const before = told;
    const instance = lookWith({});
    const patch = before && difference(before.instance, instance);
    if (patch?.length === 0) return undefined;
    const position: Position = { runId: run.runId, event, mark: markOf(instance) };
    told = { position, instance };
    if (!before || !patch) return { position, message: messageOf({ event: 'instance', id: idOf(position), data: instance }) };
    const data: InstanceChange = { at: at.toISOString(), ...inShort({ before: before.instance, after: instance }), patch };
    return { position, message: messageOf({ event: 'change', id: idOf(position), data }) };
  };

  const take = (one: Event): void => {
    growing.apply(one);
    event = Number(one.eventId);
    end ??= endOf(one);
  };

  /** Goes on with a run that counts its events anew. */
  const enter = (next: Run): void => {
    run = next;
    event = 0;
    end = undefined;
    quiet = 0;
  };

  for (const { run: former, events } of before) {
    enter(former);
    events.filter((one) => !isBare(one)).forEach(take);
  }
  if (goesOn) look(new Date());
  enter(first);
  quiet = quietUntil;

  return {
    enter,
    /** Takes the events that come next; those it has already, and bare workflow tasks, are passed over. */
    *grow(events: readonly Event[]): Generator<Told> {
      const news = events.filter((one) => !isBare(one) && Number(one.eventId) > event);
      const last = Number(events.at(-1)?.eventId ?? 0);
      for (const [at, one] of news.entries()) {
        take(one);
        const following = news[at + 1];
        if (following && areOne(one, following)) continue;
        const reached = following ? Number(following.eventId) - 1 : last;
        const told = event < quiet && reached < quiet ? undefined : look(timeOf(one));
        if (told) yield told;
      }
    },
    /** The newest event that was taken. */
    event: () => event,
    /** How the run ended, once it has. */
    end: () => end,
    instance: () => told?.instance,
    position: () => told?.position,
    /** The message that tells all that was told so far. */
    whole: (): Buffer | undefined => told && messageOf({ event: 'instance', id: idOf(told.position), data: told.instance }),
    /** What `describe` shows beyond the history, as a patch of what was told. */
    beyond: (description: Description) => (told ? difference(told.instance, lookWith(description)) : []),
  };
}

/** As JSON has it; the view shares its parts with later ones. */
const plain = (view: Instance): Instance => JSON.parse(JSON.stringify(view)) as Instance;

/** Links depend on the API process's settings, and are the same in all messages of one. */
const markOf = ({ links: _, ...instance }: Instance): string => createHash('sha256').update(JSON.stringify(instance)).digest('hex').slice(0, 12);

/** What happened, for those who do not keep the instance itself. */
function inShort({ before, after }: { before: Instance; after: Instance }): Pick<InstanceChange, 'status' | 'steps' | 'story'> {
  const states = new Map(before.steps.map(({ step, state }) => [step, state]));
  const same = after.story.findIndex(({ at, text }, nth) => at !== before.story[nth]?.at || text !== before.story[nth]?.text);
  return {
    status: after.status,
    steps: after.steps.filter(({ step, state }) => states.get(step) !== state).map(({ step, state }) => ({ step, state })),
    story: (same === -1 ? [] : after.story.slice(same)).map(({ text }) => text),
  };
}

import type { temporal } from '@temporalio/proto';
import type { StepDefinition } from '../contracts/define/definition.ts';
import { placeOf } from '../contracts/ids.ts';
import { memoKeys, type MessageMemo, messageSignal, MessageSignal, type MessageVerdict } from '../contracts/verbs.ts';
import { fieldsOf, firstOf, timeOf } from './decode.ts';
import type { VisitView } from './instance-view.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** One visit of a step that waits for a message. */
interface Draft {
  readonly step: string;
  readonly visit: number;
  readonly title: string;
  readonly name: string;
  readonly openedAt: string;
  readonly until: string | null;
  closedAt: string | null;
  state: 'waiting' | 'completed' | 'cancelled';
  output?: unknown;
}

export type Messages = ReturnType<typeof createMessages>;

/** Collects what the history tells of messages from the outside world and of the steps that wait for them. */
export function createMessages({ steps, tell }: { steps: ReadonlyMap<string, StepDefinition>; tell: (at: string, text: string) => void }) {
  const arrived = new Map<string, MessageSignal>();
  const drafts = new Map<string, Draft>();

  const arrive = (signal: MessageSignal, at: string): void => {
    const key = keyOf(signal);
    const again = arrived.has(key);
    if (!again) arrived.set(key, signal);
    tell(at, `Message “${signal.name}” (${signal.id})${signal.from === undefined ? '' : ` from ${signal.from}`} ${again ? 'came again and was dropped' : 'came'}.`);
  };

  const hear = ({ name, id, takenBy, refused, at }: MessageVerdict): void => {
    if (refused !== null) return tell(at, `Message “${name}” (${id}) was refused: ${refused}`);
    const { step, visit } = placeOf(takenBy ?? '');
    const title = steps.get(step)?.title ?? step;
    const output = id === null ? steps.get(step)?.otherwise : arrived.get(keyOf({ name, id }))?.payload;
    const draft = drafts.get(takenBy ?? '') ?? { step, visit, title, name, openedAt: at, until: null };
    drafts.set(takenBy ?? '', { ...draft, closedAt: at, state: 'completed', output });
    tell(at, id === null ? `“${title}” waited in vain.` : `“${title}” got its message (${id}).`);
  };

  const note = (id: string, memo: MessageMemo | null, at: string): void => {
    const draft = drafts.get(id);
    if (memo) {
      drafts.set(id, { ...memo, closedAt: null, state: 'waiting' });
      tell(at, `“${memo.title}” waits for the message “${memo.name}”${memo.until === null ? '' : ` until ${memo.until}`}.`);
    } else if (draft?.state === 'waiting') Object.assign(draft, { state: 'cancelled', closedAt: at });
  };

  return {
    apply(event: Event): void {
      const at = timeOf(event.eventTime) ?? '';
      const { workflowExecutionSignaledEventAttributes: signal, workflowPropertiesModifiedEventAttributes: upsert } = event;
      const sent = signal?.signalName === messageSignal ? MessageSignal.safeParse(firstOf(signal.input)) : undefined;
      if (sent?.success) arrive(sent.data, at);
      if (!upsert) return;
      const fields = fieldsOf(upsert.upsertedMemo?.fields);
      const told = fields[memoKeys.messages];
      const verdict = Array.isArray(told) ? (told.at(-1) as MessageVerdict | undefined) : undefined;
      if (verdict) hear(verdict);
      const prefix = memoKeys.message('');
      for (const [key, value] of Object.entries(fields)) if (key.startsWith(prefix)) note(key.slice(prefix.length), value as MessageMemo | null, at);
    },
    /** Visits that the instance went back to before. */
    forget: (dropped: readonly string[]): void => dropped.forEach((id) => drafts.delete(id)),
    visits: (step: string): readonly number[] => [...drafts.values()].filter((draft) => draft.step === step).map(({ visit }) => visit),
    /** `undefined` for a visit that was not reached. */
    view({ id }: { id: string }): VisitView | undefined {
      const draft = drafts.get(id);
      if (!draft) return undefined;
      const { visit, state, openedAt, closedAt, until, output } = draft;
      const input = until === null ? undefined : { until };
      return { visit, state, scheduledAt: openedAt, startedAt: openedAt, closedAt, attempts: 1, nextAttemptAt: null, input, output, failure: null, failedAttempts: [], evidence: [], decision: null };
    },
    waiting: (): readonly Draft[] => [...drafts.values()].filter(({ state }) => state === 'waiting'),
  };
}

const keyOf = ({ name, id }: { name: string; id: string }): string => JSON.stringify([name, id]);

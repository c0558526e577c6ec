import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { searchAttributes } from '../../contracts/verbs.ts';

const waitingForKey = defineSearchAttributeKey('WaitingFor' satisfies keyof typeof searchAttributes, SearchAttributeType.KEYWORD_LIST);

/** Something that holds an instance up until a person acts. */
export interface Wait {
  /** The memo key under which it stands while it is open. */
  readonly key: string;
  readonly memo: unknown;
  /** The groups or the system that are waited for. */
  readonly of: readonly string[];
  /** One line for Temporal's Web UI. */
  readonly line: string;
}

export type Waits = ReturnType<typeof createWaits>;

/** Keeps memo, search attribute and current details in step with what is open. They are written only when something changes. */
export function createWaits() {
  const open = new Map<string, Wait>();
  let published: readonly string[] = [];

  const publish = (patch: Record<string, unknown>): void => {
    upsertMemo(patch);
    const waitingFor = attributeOf(open);
    if (waitingFor.join('\n') !== published.join('\n')) {
      published = waitingFor;
      upsertSearchAttributes([{ key: waitingForKey, value: waitingFor.length > 0 ? [...waitingFor] : null }]);
    }
    setCurrentDetails([...open.values()].map(({ line }) => `* ${line}`).join('\n'));
  };

  return {
    /** Opens the wait, or shows its new state; `also` is written to the memo with it. */
    show(wait: Wait, also: Record<string, unknown> = {}): void {
      open.set(wait.key, wait);
      publish({ [wait.key]: wait.memo, ...also });
    },
    /** Opens a wait that a former run has shown. */
    restore(wait: Wait): void {
      open.set(wait.key, wait);
      published = attributeOf(open);
    },
    close(key: string, also: Record<string, unknown> = {}): void {
      if (open.delete(key)) publish({ [key]: null, ...also });
    },
    /** Writes to the memo without a change of what is waited for. */
    note(memo: Record<string, unknown>): void {
      upsertMemo(memo);
    },
  };
}

const attributeOf = (open: ReadonlyMap<string, Wait>): readonly string[] => [...new Set([...open.values()].flatMap(({ of }) => of))].sort();

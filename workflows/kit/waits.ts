import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { searchAttributes } from '../../contracts/verbs.ts';

type ListName = 'WaitingFor' | 'Incidents';

/** The search attributes, and what each wait adds to them. */
const attributes = (['WaitingFor', 'Incidents'] as const satisfies readonly (keyof typeof searchAttributes)[]).map((name) => ({
  name,
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD_LIST),
}));

/** Something that holds an instance up until a person acts. */
export interface Wait {
  /** The memo key under which it stands while it is open. */
  readonly key: string;
  readonly memo: unknown;
  /** The groups or the system that are waited for. */
  readonly of: readonly string[];
  /** The group of an incident. */
  readonly group?: string;
  /** One line for Temporal's Web UI. */
  readonly line: string;
}

export type Waits = ReturnType<typeof createWaits>;

/** Keeps memo, search attributes and current details in step with what is open. They are written only when something changes. */
export function createWaits() {
  const open = new Map<string, Wait>();
  let published = listsOf(open);

  const publish = (patch: Record<string, unknown>): void => {
    upsertMemo(patch);
    const lists = listsOf(open);
    const changed = attributes.filter(({ name }) => lists[name].join('\n') !== published[name].join('\n'));
    published = lists;
    if (changed.length > 0) upsertSearchAttributes(changed.map(({ name, key }) => ({ key, value: lists[name].length > 0 ? [...lists[name]] : null })));
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
      published = listsOf(open);
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

const listsOf = (open: ReadonlyMap<string, Wait>): Readonly<Record<ListName, readonly string[]>> => {
  const waits = [...open.values()];
  return { WaitingFor: distinct(waits.flatMap(({ of }) => of)), Incidents: distinct(waits.flatMap(({ group }) => group ?? [])) };
};

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

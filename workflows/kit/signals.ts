import { defaultPayloadConverter, type RawValue, rawValueTypeInfo } from '@temporalio/common';
import { defineSignal, setHandler } from '@temporalio/workflow';
import { brief } from '../../contracts/define/issues.ts';
import { invalidInput } from '../../contracts/failures.ts';
import type { Waits } from './waits.ts';

/** The SDK decodes arguments before the handler gets them; one that is no JSON would fail the workflow task for ever. So they come as they are. */
const undecoded = { inputTypes: Array<typeof rawValueTypeInfo>(10).fill(rawValueTypeInfo) };

/** Takes a signal, whatever it carries: `act` may throw nothing but failures of the catalogue, and must take care of them, for a signal cannot be refused. */
export function onSignal({ name, description, act }: { name: string; description: string; act: (read: () => unknown) => void }): void {
  setHandler(defineSignal<[RawValue?]>(name, { typeInfo: undecoded }), (argument) => act(() => decoded(name, argument)), { description });
}

/** Each signal writes the list anew: were it unbounded, some hundred signals would fill the history. */
const kept = 20;

/** Tells in the memo what became of what came by signal, the newest last. */
export function createVerdicts<V extends object>({ waits, key, carried = [] }: { waits: Waits; key: string; carried?: readonly object[] | undefined }) {
  let verdicts: readonly object[] = carried;
  return {
    /** The memo that tells it, to be written with what else changes. */
    with(verdict: V): Record<string, unknown> {
      verdicts = [...verdicts, { at: new Date().toISOString(), ...verdict }].slice(-kept);
      return { [key]: verdicts };
    },
    tell(verdict: V): void {
      waits.note(this.with(verdict));
    },
    all: (): readonly object[] => verdicts,
  };
}

function decoded(name: string, argument: RawValue | undefined): unknown {
  if (!argument) return undefined;
  try {
    return defaultPayloadConverter.fromPayload(argument.payload);
  } catch (error) {
    throw invalidInput(`signal "${name}" carries what cannot be read: ${String(error)}. Send JSON.`);
  }
}

export const fieldOf = (from: unknown, field: string): unknown =>
  typeof from === 'object' && from !== null ? Object.entries(from).find(([key]) => key === field)?.[1] : undefined;

/** A text from outside, so short that it can be told; `?` for what is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? brief(value, 100) : '?');

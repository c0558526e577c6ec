import type { Label } from './labels.ts';
import type { Word } from './layout.ts';

/** Why a value may be wrong, and how sure one can be of it at most, 0 to 1. */
export interface Doubt {
  readonly why: string;
  readonly atMost: number;
}

/** A value that stands on the page as the value of a field. */
export interface Found<V extends string | number = string> {
  readonly value: V;
  readonly words: readonly Word[];
  readonly label: Label | null;
  /** How clearly it is said to be the field's value, 0 to 1. */
  readonly strength: number;
  readonly doubts: readonly Doubt[];
}

/** What is read at a place of a row. */
export interface ReadValue<V extends string | number = string> {
  readonly value: V;
  readonly words: readonly Word[];
  readonly doubts?: readonly Doubt[];
}
export type Read<V extends string | number = string> = (words: readonly Word[], at: number) => ReadValue<V> | undefined;

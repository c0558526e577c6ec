import type { StepContract } from '../../contracts/define/process.ts';
import type { Instance } from './instance.ts';

/** One call of a step. */
export interface Call<C extends StepContract> {
  readonly instance: Instance;
  readonly step: string;
  readonly visit: number;
  /** Of the visit; see `visitId`. */
  readonly id: string;
  readonly contract: C;
  /** Whether an operator may skip it. */
  readonly optional?: boolean;
  readonly input: unknown;
}

import type { RewindAnswer, RewindPlan } from '../../contracts/rewind.ts';
import type { UpdateAnswers, UpdateInput } from '../../contracts/verbs.ts';

export type Place = Pick<UpdateInput<'instance.rewind'>, 'step' | 'visit'>;

/** Takes an instance back to before a step. */
export interface Rewind {
  /** The flow calls a step. */
  calls(id: string): void;
  /** Where it is to go back to. */
  wanted(): RewindPlan | undefined;
  /** Undoes what is to be undone, shielded from cancellation. */
  undo(): Promise<void>;
  /** Goes on in a new run. Rejects with what tells Temporal so. */
  goOn(given: unknown): Promise<never>;
  /** What going back would come to. */
  answer(place: Place): RewindAnswer;
  readonly verbs: {
    /** @throws NotFound, Conflict */
    check(asked: UpdateInput<'instance.rewind'>): void;
    rewind(asked: UpdateInput<'instance.rewind'>): UpdateAnswers['instance.rewind'];
  };
}

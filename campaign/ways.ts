import { visitId } from '../contracts/verbs.ts';
import type { Place } from './faults.ts';
import type { Sample } from './sample.ts';
import { type Outcome, play, type Stage } from './scenario.ts';

/** What one input of a sample leads through when nothing goes wrong. */
export interface Way {
  readonly sample: Sample;
  readonly input: string;
  /** The visits of all steps that were reached. */
  readonly places: readonly Place[];
  /** The activities among them, in the order in which they were asked. */
  readonly asked: readonly Place[];
}

/**
 * Finds out where each input leads, by running it.
 *
 * @throws Error that names the inputs that do not complete, and the steps that no input reaches
 */
export async function findWays({ stage, samples }: { stage: Stage; samples: readonly Sample[] }): Promise<{ ways: readonly Way[]; outcomes: readonly Outcome[] }> {
  const inputs = samples.flatMap((sample) => Object.keys(sample.inputs).map((input) => ({ sample, input })));
  const outcomes = await Promise.all(inputs.map((one) => play(stage, { ...one, faults: [] })));
  const failed = outcomes.filter(({ wrong }) => wrong.length > 0).map(({ scenario: { sample, input }, wrong }) => `input "${input}" of process "${sample.process.name}" does not complete: ${wrong.join('; ')}`);
  const ways = outcomes.map(({ scenario: { sample, input }, id, ended }): Way => {
    const places = ended?.view.steps.flatMap(({ step, visits }) => visits.map(({ visit }) => visitId({ step, visit }))) ?? [];
    return { sample, input, places, asked: stage.desk.trace(id) };
  });
  const unreached = samples.flatMap(({ process: { name, steps } }) =>
    Object.keys(steps)
      .filter((step) => !ways.some((way) => way.sample.process.name === name && way.places.includes(step)))
      .map((step) => `no input of process "${name}" reaches step "${step}": add one to its sample in campaign/samples/`),
  );
  const holes = [...failed, ...(failed.length > 0 ? [] : unreached)];
  if (holes.length > 0) throw new Error(`the campaign has holes:\n${holes.map((hole) => `- ${hole}`).join('\n')}`);
  return { ways, outcomes };
}

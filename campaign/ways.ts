import { activityKinds } from '../contracts/define/activity.ts';
import type { StepKind } from '../contracts/define/process.ts';
import { visitId } from '../contracts/ids.ts';
import type { Place } from './faults.ts';
import type { Sample } from './sample.ts';
import { type Outcome, outputKey, play, type Stage } from './scenario.ts';

/** What one input of a sample leads through when nothing goes wrong. */
export interface Way {
  readonly sample: Sample;
  readonly input: string;
  /** The visits of all steps that were reached. */
  readonly places: readonly Place[];
  /** The activities among them, in the order in which they were asked. */
  readonly asked: readonly Place[];
  /** Those that had ended when something began that takes its time or can be held up: from there it can go back to before them. */
  readonly followed: readonly Place[];
}

/** People and messages may come at once. */
const slow: readonly StepKind[] = [...activityKinds, 'timer', 'process'];

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
    const visits = ended?.view.steps.flatMap(({ step, kind, visits }) => visits.map((visit) => ({ ...visit, kind, at: visitId({ step, visit: visit.visit }) }))) ?? [];
    for (const { at, output } of visits) stage.outputs.set(outputKey({ sample, input, place: at }), output);
    const lastAsked = visits.filter(({ kind }) => slow.some((one) => one === kind)).reduce((last, { scheduledAt }) => (scheduledAt > last ? scheduledAt : last), '');
    const followed = visits.filter(({ closedAt }) => closedAt !== null && closedAt <= lastAsked);
    return { sample, input, places: visits.map(({ at }) => at), asked: stage.desk.trace(id), followed: followed.map(({ at }) => at) };
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

import { z } from 'zod';
import type { ActivityBounds, ActivityContract } from './activity.ts';
import { digestOf } from './digest.ts';
import type { Duration } from './duration.ts';
import type { MessageContract } from './message.ts';
import type { ProcessContract, StepContract, StepKind } from './process.ts';
import type { TaskContract } from './task.ts';
import { type TimerContract, When } from './timer.ts';

/** A JSON Schema, draft 7. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a process is, as plain data: kept by digest, so that an instance can be shown as it was agreed when it started. */
export interface ProcessDefinition {
  readonly format: 1;
  readonly name: string;
  readonly title: string;
  readonly target: Duration | null;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly steps: readonly StepDefinition[];
}

export interface StepDefinition {
  /** The step's key: its id everywhere. */
  readonly step: string;
  readonly kind: StepKind;
  readonly title: string;
  /** The name of the activity, task, timer, message or process. */
  readonly asks: string;
  /** What is waited for: the system of an activity, the candidate groups of a task; of a timer nobody. */
  readonly of: readonly string[];
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly bounds: ActivityBounds | null;
  /** Whether its first attempt is made by the workflow worker itself. */
  readonly quick?: true;
  /** How the effect is undone: the compensation's name, or why there is nothing to undo. */
  readonly effect: { readonly compensation: { readonly name: string; readonly title: string } } | 'readOnly' | 'irreversible' | null;
  /** The form of a human step and its digest, by which a task names it. */
  readonly form: { readonly digest: string; readonly schema: JsonSchema } | null;
  /** Of a task, the length of a timer, how long a message is waited for, and the target of a sub-process, where the contract says it. */
  readonly dueIn: Duration | null;
  /** Whether an operator may skip it. */
  readonly optional?: true;
  /** Of a message: what the step gives when the time is over. */
  readonly otherwise?: unknown;
}

/** The definition of a process and its digest. The step's order is the contract's. */
export function definitionOf(process: ProcessContract): { readonly definition: ProcessDefinition; readonly digest: string } {
  const definition: ProcessDefinition = {
    format: 1,
    name: process.name,
    title: process.title,
    target: process.target ?? null,
    input: inputSchema(process.input),
    output: outputSchema(process.output),
    steps: Object.entries(process.steps).map(([step, contract]) => stepDefinition({ step, contract })),
  };
  return { definition, digest: digestOf(definition) };
}

/** The system that an activity asks: the part of its name before the dot. */
export function systemOf(activityName: string): string {
  return activityName.slice(0, activityName.indexOf('.'));
}

/** A task's form as it is kept with the definition. */
export function formOf(task: TaskContract): { readonly digest: string; readonly schema: JsonSchema } {
  const schema = inputSchema(task.form);
  return { digest: digestOf(schema), schema };
}

function stepDefinition({ step, contract }: { step: string; contract: StepContract }): StepDefinition {
  return { step, kind: contract.kind, title: contract.title, asks: contract.name, ...partOf(contract) };
}

function partOf(contract: StepContract): Part {
  const part = parts[contract.contract] as (contract: StepContract) => Part;
  return part(contract);
}

type Part = Omit<StepDefinition, 'step' | 'kind' | 'title' | 'asks'>;

/** What each contract adds to what all steps have. */
const parts: { readonly [K in StepContract['contract']]: (contract: Extract<StepContract, { contract: K }>) => Part } = {
  activity: activityPart,
  task: taskPart,
  timer: timerPart,
  message: messagePart,
  process: processPart,
  optional: ({ asks }) => ({ ...partOf(asks), optional: true }),
};

function processPart({ input, output, target }: ProcessContract): Part {
  return {
    of: [],
    input: inputSchema(input),
    output: outputSchema(output),
    bounds: null,
    effect: null,
    form: null,
    dueIn: target ?? null,
  };
}

function messagePart({ payload, within, otherwise }: MessageContract): Part {
  return {
    of: [],
    input: {},
    output: outputSchema(payload),
    bounds: null,
    effect: null,
    form: null,
    dueIn: within ?? null,
    ...(otherwise === undefined ? {} : { otherwise }),
  };
}

function timerPart({ for: length }: TimerContract): Part {
  return {
    of: [],
    input: length === undefined ? inputSchema(When) : {},
    output: {},
    bounds: null,
    effect: null,
    form: null,
    dueIn: length ?? null,
  };
}

function taskPart(task: TaskContract): Part {
  const form = formOf(task);
  return {
    of: task.candidateGroups,
    input: inputSchema(task.input),
    output: form.schema,
    bounds: null,
    effect: null,
    form,
    dueIn: task.dueIn ?? null,
  };
}

function activityPart(activity: ActivityContract): Part {
  return {
    of: [systemOf(activity.name)],
    input: inputSchema(activity.input),
    output: outputSchema(activity.output),
    bounds: boundsOf(activity),
    ...(activity.quick ? { quick: true } : {}),
    effect: effectOf(activity),
    form: null,
    dueIn: null,
  };
}

function boundsOf({ startToCloseTimeout, scheduleToCloseTimeout, heartbeatTimeout, retry }: ActivityContract): ActivityBounds {
  return {
    startToCloseTimeout,
    scheduleToCloseTimeout,
    ...(heartbeatTimeout === undefined ? {} : { heartbeatTimeout }),
    ...(retry === undefined ? {} : { retry }),
  };
}

function effectOf({ compensation, readOnly }: ActivityContract): StepDefinition['effect'] {
  if (compensation) return { compensation: { name: compensation.name, title: compensation.title } };
  return readOnly ? 'readOnly' : 'irreversible';
}

const inputSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
const outputSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { target: 'draft-7', io: 'output' });

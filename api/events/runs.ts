import { notFound } from '../../contracts/failures.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { pathOf } from '../instances/business-key.ts';
import { describe, type Description, executionOf, historyOf } from '../temporal/executions.ts';
import { describeRun } from '../temporal/follow.ts';
import type { Temporal } from '../temporal/temporal.ts';
import { createTelling, type Run, tellAll, type Told } from './telling.ts';

/** A run as it is read anew. */
export interface ReadRun {
  readonly runId: string;
  /** Its messages from an event on; the first says how things stood there. */
  readonly told: readonly Told[];
  readonly end: { readonly next: string | null } | undefined;
}

export interface DescribedRun {
  readonly run: Run;
  readonly description: Description;
}

export interface Runs {
  /** The newest run of an instance. @throws NotFound */
  newest(id: string): Promise<DescribedRun>;
  /** The run that follows one that has ended: the one that its last event names, else the newest; `undefined` when there is none. */
  following(ended: { readonly id: string; readonly runId: string; readonly next: string | null }): Promise<DescribedRun | undefined>;
  /** `undefined` when Temporal does not keep it any more. */
  read(which: { readonly id: string; readonly runId: string; readonly from: number }): Promise<ReadRun | undefined>;
}

interface Deps {
  readonly temporal: Temporal;
  readonly definitions: Definitions;
  readonly webUi: (execution: { id: string; runId: string }) => string | null;
}

export function createRuns({ temporal, definitions, webUi }: Deps): Runs {
  const runOf = (description: Description): Run | undefined => {
    const { id, runId, process, definition: digest } = executionOf(description.workflowExecutionInfo ?? {});
    const definition = definitions.of({ process, digest });
    return definition && { id, runId, process, definition, links: { self: pathOf(id), webUi: webUi({ id, runId }) } };
  };

  async function newest(id: string): Promise<DescribedRun> {
    const description = await describe(temporal, id);
    const run = runOf(description);
    if (!run) throw notFound(`"${id}" is no instance of a process that is known here: its workflow type is "${description.workflowExecutionInfo?.type?.name ?? ''}"`);
    return { run, description };
  }

  async function find(which: { id: string; runId: string }): Promise<DescribedRun | undefined> {
    const description = await describeRun(temporal, which);
    const run = description && runOf(description);
    return run && { run, description };
  }

  return {
    newest,
    async following({ id, runId, next }) {
      const found = (next === null ? undefined : await find({ id, runId: next })) ?? (await newest(id));
      return found.run.runId === runId ? undefined : found;
    },
    async read({ id, runId, from }) {
      const { run } = (await find({ id, runId })) ?? {};
      if (!run) return undefined;
      const telling = createTelling(run, from);
      const told: Told[] = [];
      await tellAll({ telling, events: await historyOf(temporal, { id, runId }), tell: (one) => told.push(one) });
      return { runId: run.runId, told, end: telling.end() };
    },
  };
}

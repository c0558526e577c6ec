import { pathOf } from '../../contracts/ids.ts';
import { notFound } from '../../contracts/failures.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { describe, type Description, executionOf, type RunHistory, runsOf } from '../../engine/executions.ts';
import { describeRun } from '../temporal/follow.ts';
import type { Temporal } from '../../engine/temporal.ts';
import type { RunEnd } from './history.ts';
import { createTelling, type Run, tellAll, type Telling, type Told } from './telling.ts';

/** A run as it is read anew. */
export interface ReadRun {
  readonly runId: string;
  /** Its messages from an event on; the first says how things stood there. */
  readonly told: readonly Told[];
  readonly end: RunEnd | undefined;
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
  /** The telling of a run, which need not be the first of its instance. */
  begin(which: DescribedRun & { readonly quietUntil: number }): Promise<Telling>;
  /** `undefined` when Temporal does not keep it any more. `goesOn`: after the messages of the run that it continues. */
  read(which: { readonly id: string; readonly runId: string; readonly from: number; readonly goesOn: boolean }): Promise<ReadRun | undefined>;
}

interface Deps {
  readonly temporal: Temporal;
  readonly definitions: Definitions;
  readonly webUi: (execution: { id: string; runId: string }) => string | null;
}

export function createRuns({ temporal, definitions, webUi }: Deps): Runs {
  const linksOf = (execution: { id: string; runId: string }): Run['links'] => ({ self: pathOf(execution.id), webUi: webUi(execution) });

  const runOf = (description: Description): Run | undefined => {
    const { id, runId, process, definition: digest } = executionOf(description.workflowExecutionInfo ?? {});
    const definition = definitions.of({ process, digest });
    return definition && { id, runId, process, definition, links: linksOf({ id, runId }) };
  };

  /** The runs before the last of them. */
  const formerOf = ({ run, histories }: { run: Run; histories: readonly RunHistory[] }) =>
    histories.slice(0, -1).map(({ runId, events }) => ({ run: { ...run, runId, links: linksOf({ id: run.id, runId }) }, events }));

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
    async begin({ run, description, quietUntil }) {
      const isFirst = description.workflowExecutionInfo?.firstRunId === run.runId;
      const histories = isFirst ? [] : await runsOf(temporal, run);
      return createTelling({ run, before: formerOf({ run, histories }), quietUntil });
    },
    async read({ id, runId, from, goesOn }) {
      const { run } = (await find({ id, runId })) ?? {};
      if (!run) return undefined;
      const histories = await runsOf(temporal, { id, runId });
      const telling = createTelling({ run, before: formerOf({ run, histories }), goesOn, quietUntil: from });
      const told: Told[] = [];
      await tellAll({ telling, events: histories.at(-1)?.events ?? [], tell: (one) => told.push(one) });
      return { runId: run.runId, told, end: telling.end() };
    },
  };
}

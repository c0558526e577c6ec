import { type Client, type Connection, WorkflowFailedError, type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { definitionOf } from '../../contracts/define/definition.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import type { UpdateAnswers, UpdateInput, UpdateName } from '../../contracts/verbs.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { type Sources, viewInstance } from '../../visibility/view.ts';
import type { World } from './systems.ts';

const namespace = 'default';

export type StartedInstance = ReturnType<typeof followInstance>;

/** An instance as a test sees it: its view, its verbs, its history, and what the systems hold for it. */
export function followInstance({ client, handle, process, connection, world }: { client: Client; handle: WorkflowHandle; process: ProcessContract; connection: Connection; world: World }) {
  const { workflowId: id } = handle;
  const execution = { workflowId: id };

  const runs = async (): Promise<readonly (readonly temporal.api.history.v1.IHistoryEvent[])[]> => {
    const all: (readonly temporal.api.history.v1.IHistoryEvent[])[] = [];
    for (let runId: string | undefined; ; ) {
      const { events = [] } = await client.workflow.getHandle(id, runId).fetchHistory() as { events?: temporal.api.history.v1.IHistoryEvent[] };
      all.unshift(events);
      runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
      if (!runId) return all;
    }
  };
  const history = async (): Promise<readonly temporal.api.history.v1.IHistoryEvent[]> => (await runs()).flat();

  const sources = async (): Promise<Sources> => {
    const description = await connection.workflowService.describeWorkflowExecution({ namespace, execution });
    return { description, events: await history(), definition: definitionOf(process).definition };
  };
  const view = async (): Promise<InstanceView> => viewInstance(await sources());

  const verb = <N extends UpdateName>(name: N, input: UpdateInput<N>): Promise<UpdateAnswers[N]> => handle.executeUpdate<UpdateAnswers[N], [UpdateInput<N>]>(name, { args: [input] });

  return {
    handle,
    id,
    history,
    /** The histories of the runs, where it continued as new. */
    runs,
    /**
     * How many events the history has, bare workflow tasks left out: Temporal keeps the one in which it asked about a refused update if something else
     * (an activity's heartbeat) was written meanwhile.
     */
    async recorded(): Promise<number> {
      const events = await history();
      return events.filter((event) => !(event.workflowTaskScheduledEventAttributes ?? event.workflowTaskStartedEventAttributes ?? event.workflowTaskCompletedEventAttributes)).length;
    },
    sources,
    view,
    /** Waits until the view says so; the test's own time limit ends it. */
    async until(holds: (view: InstanceView) => boolean): Promise<InstanceView> {
      for (;;) {
        const began = Date.now();
        const now = await view();
        if (holds(now)) return now;
        if (now.status !== 'running') throw new Error(`${id} ended as ${now.status} before that: ${JSON.stringify(now.story, null, 1)}`);
        if (now.problem && now.problem.attempt > 2) throw new Error(`${id} is stuck: ${now.problem.message}`);
        // Many that look at once would leave a busy machine no time for what they wait for.
        await pause(Math.max(40, 3 * (Date.now() - began)));
      }
    },
    /** Waits for what the view does not tell. */
    async untilEvent(is: (event: temporal.api.history.v1.IHistoryEvent) => boolean): Promise<void> {
      while (!(await history()).some(is)) await pause(20);
    },
    verb,
    /** A verb that is sent while no worker runs; `admitted` settles when Temporal has it. */
    verbLater<N extends UpdateName>(name: N, input: UpdateInput<N>): { readonly answer: Promise<UpdateAnswers[N]>; readonly admitted: Promise<void> } {
      const updateId = randomUUID();
      const answer = handle.executeUpdate<UpdateAnswers[N], [UpdateInput<N>]>(name, { args: [input], updateId });
      const admitted = async (): Promise<void> => {
        const updateRef = { workflowExecution: execution, updateId };
        for (;;) {
          const known = await connection.workflowService.pollWorkflowExecutionUpdate({ namespace, updateRef }).catch(() => undefined);
          if (known) return;
          await pause(20);
        }
      };
      return { answer, admitted: admitted() };
    },
    /** What the refused verb's sender is told; `null` when it was not refused. Sent as it is, well-formed or not. */
    async refusal(name: UpdateName, input: unknown): Promise<{ readonly type: string; readonly message: string } | null> {
      try {
        await handle.executeUpdate(name, { args: [input] });
        return null;
      } catch (error) {
        if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) throw error;
        return { type: error.cause.type ?? '', message: error.cause.message };
      }
    },
    /** With a reason and a name, which the SDK's own call does not take. */
    cancel: (reason: string): Promise<unknown> =>
      connection.workflowService.requestCancelWorkflowExecution({ namespace, workflowExecution: execution, reason, identity: 'olga', requestId: `${id} ${reason}` }),
    /** Lets the instance's clock run ahead; timers on the way fire. */
    async skip(hours: number): Promise<void> {
      await connection.workflowService.updateWorkflowExecutionOptions({
        namespace,
        workflowExecution: execution,
        workflowExecutionOptions: { timeSkippingConfig: { enabled: true, fastForwardConfig: { id: `${hours} hours`, duration: msToTs(hours * 3_600_000) } } },
        updateMask: { paths: ['time_skipping_config'] },
      });
    },
    /** The view after the end, however it ended. */
    async ended(): Promise<InstanceView> {
      await handle.result().catch((error: unknown) => {
        if (!(error instanceof WorkflowFailedError)) throw error;
      });
      return view();
    },
    /** What the books hold for this instance. */
    books: (system: 'shop' | 'bank') => world.books[system].filter(({ key }) => key.startsWith(`${encodeURI(id)}#`)).map(({ state }) => state),
    /** Its calls, in their order. */
    calls: () => world.calls.filter(({ instanceId }) => instanceId === id),
    heal: () => world.heal(id),
    /** Settles when so many of its calls are held. */
    held: (count?: number) => world.doorway.reached(id, count),
    /** Lets go on what is held: of one step, or all. */
    release: (step?: string) => world.doorway.release(id, step),
  };
}

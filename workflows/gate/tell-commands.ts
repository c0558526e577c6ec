import { proxySinks, type WorkflowInterceptors } from '@temporalio/workflow';

type Conclude = NonNullable<NonNullable<WorkflowInterceptors['internals']>[number]['concludeActivation']>;
type Commands = Parameters<Conclude>[0]['commands'];

/** Who replays listens here: see workers/gate/replay.ts. */
export type GateSinks = { gate: { commands(commands: Commands): void } };

/** Tells everything that the code asks of Temporal, with its arguments. Only bundles that are made for a replay hold it. */
export const interceptors = (): WorkflowInterceptors => {
  const { gate } = proxySinks<GateSinks>();
  return {
    internals: [
      {
        concludeActivation(input, next) {
          const output = next(input);
          gate.commands(output.commands);
          return output;
        },
      },
    ],
  };
};

import { buildIdOf } from '../builds/build-id.ts';
import { deploymentIn } from '../builds/deployment.ts';
import { bundleWorkflows } from '../bundle.ts';
import { type Instance, instancesIn, type Server, withHistories } from './instances.ts';
import { bundleToReplay, replay } from './replay.ts';
import type { Divergence, GateReport } from './report.ts';

export interface GateOptions extends Server {
  /** Finished instances of each process that are replayed too, the newest. */
  readonly sample: number;
  readonly processes: readonly string[];
  readonly build?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  /** Whether running instances that are safe shall go on with the build of today's source. */
  readonly move: boolean;
}

/**
 * Replays instances against today's source, and moves those that fit it when asked to.
 *
 * @throws Error when Temporal refuses, or when no worker runs the build that instances are to be moved to
 */
export async function passGate({ connection, namespace, move, ...wanted }: GateOptions): Promise<GateReport> {
  const server = { connection, namespace };
  const target = move ? await targetOf(server) : undefined;
  const diverging: Divergence[] = [];
  const movable: Instance[] = [];
  let safe = 0;
  for await (const { of: instance, difference } of replay({ bundle: await bundleToReplay(), histories: withHistories(server, instancesIn(server, wanted)) })) {
    if (difference) diverging.push({ instance, ...difference });
    else {
      safe += 1;
      if (instance.running && instance.build !== target) movable.push(instance);
    }
  }
  if (target === undefined) return { safe, diverging, moved: 0 };
  const deployment = deploymentIn(server);
  let moved = 0;
  for (const { id, runId } of movable) if (await deployment.move({ id, runId, to: target })) moved += 1;
  return { safe, diverging, moved };
}

async function targetOf(server: Server): Promise<string> {
  const buildId = buildIdOf((await bundleWorkflows()).code);
  if (await deploymentIn(server).isPolled(buildId)) return buildId;
  throw new Error(`nothing was moved: no worker runs build ${buildId}, which is today's source. Start one from this source first.`);
}

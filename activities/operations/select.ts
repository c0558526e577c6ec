import { selectInstances as contract, type InstanceFilter } from '../../contracts/activities/operations.ts';
import { documentsFromEnv } from '../../documents/from-env.ts';
import { listExecutions } from '../../engine/list.ts';
import { runningWhere } from '../../engine/running.ts';
import { implement } from '../implement.ts';
import { asking } from './asking.ts';
import { temporalFromEnv } from './temporal.ts';

const atOnce = 1_000;

/** Finds the instances that a bulk is about. Which they are is settled here: those that come to fit the filter later are not touched. */
export const selectInstances = implement(contract, async ({ filter }, call) => {
  const ids = new Set<string>();
  for await (const found of pages(filter)) {
    call.signal.throwIfAborted();
    call.heartbeat({ found: ids.size });
    for (const id of found) ids.add(id);
  }
  const targets = await documentsFromEnv().put(Buffer.from(JSON.stringify([...ids])), 'application/json');
  return { targets, count: ids.size };
});

async function* pages(filter: InstanceFilter): AsyncGenerator<readonly string[]> {
  if (filter.instances) {
    yield filter.instances;
    return;
  }
  let after: Uint8Array | null = null;
  do {
    const page = await asking(() => listExecutions(temporalFromEnv(), { query: runningWhere(filter), limit: atOnce, after }));
    yield page.executions.map(({ id }) => id);
    after = page.next;
  } while (after !== null);
}

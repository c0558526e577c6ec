import { NativeConnection, Worker } from '@temporalio/worker';
import { implement } from '../../activities/implement.ts';
import { taskQueues } from '../../contracts/verbs.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import { tellReady } from '../../platform/child-process.ts';
import { bind } from '../../workers/bind.ts';
import { quietRuntime } from '../../workers/runtime.ts';
import { deliver } from './contracts.ts';

/** A worker process that a test can kill: it asks the depot (TEST_DEPOT) to deliver, with the step's key. */

const { TEST_TEMPORAL: address = '', TEST_DEPOT: depot = '', TEST_DOCUMENTS: directory = '' } = process.env;

const courier = implement(deliver, async (_input, { idempotencyKey, signal, heartbeat }) => {
  const beat = setInterval(heartbeat, 100);
  try {
    const answer = await fetch(depot, { method: 'POST', body: idempotencyKey, signal });
    return { receipt: await answer.text() };
  } finally {
    clearInterval(beat);
  }
});

quietRuntime('ERROR');
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue: taskQueues.bot,
  activities: { [deliver.name]: bind(courier, createDiskStore({ directory })) },
  maxHeartbeatThrottleInterval: '100 ms',
  shutdownGraceTime: '100 ms',
});
process.once('SIGTERM', () => worker.shutdown());
const ended = worker.run();
tellReady({});
await ended;
await connection.close();

import { rm } from 'node:fs/promises';
import { Connection } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { existing, prepareExisting } from '../../launch/server.ts';
import { type EmbeddedTemporal, startTemporal } from '../../temporal/start.ts';
import { closeAfterAll, temporaryDirectory } from '../api/running-api.ts';

const day = 86_400_000;
const namespace = 'default';
const later = closeAfterAll();
let temporal: EmbeddedTemporal;
let connection: Connection;

beforeAll(async () => {
  const dataDir = await temporaryDirectory();
  later(() => rm(dataDir, { recursive: true, force: true }));
  temporal = await startTemporal({ dataDir, ui: false });
  later(() => temporal.stop());
  connection = await Connection.connect({ address: temporal.address });
  later(() => connection.close());
});

const days = async (): Promise<number> => tsToMs((await connection.workflowService.describeNamespace({ namespace })).config?.workflowExecutionRetentionTtl) / day;

describe('how long closed instances are kept', () => {
  it('is 30 days on the embedded server', async () => {
    expect(await days()).toBe(30);
  });

  it('stays as an operator has set it on a server of theirs', async () => {
    await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: msToTs(90 * day) } });
    // What `npm start` does with TEMPORAL_ADDRESS.
    await existing(temporal.address);
    expect(await days()).toBe(90);
  });

  it('becomes what TEMPORAL_RETENTION_DAYS says where the server is prepared with it', async () => {
    await prepareExisting({ address: temporal.address, namespace, retentionDays: 7, within: 30_000 });
    expect(await days()).toBe(7);
  });
});

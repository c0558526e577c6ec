import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Call, implement } from '../../activities/implement.ts';
import type { ActivityContract } from '../../contracts/define/activity.ts';
import { Evidence } from '../../contracts/documents.ts';
import { rejected, unavailable } from '../../contracts/failures.ts';
import { createDiskStore } from '../../documents/disk-store.ts';
import type { DocumentStore } from '../../documents/store.ts';
import { bind } from '../../workers/bind.ts';
import { quietRuntime } from '../../workers/runtime.ts';
import { cancelOrder, placeOrder } from '../kit/contracts.ts';

const order = { item: 'x1' };

describe('an implementation that is bound to its contract', () => {
  let directory: string;
  let store: DocumentStore;
  beforeAll(async () => {
    quietRuntime('ERROR');
    directory = await mkdtemp(join(tmpdir(), 'throughline-bind-'));
    store = createDiskStore({ directory });
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** Runs it as the second attempt of the second visit. */
  const ask = ({ input = order, contract = placeOrder, run }: { input?: unknown; contract?: ActivityContract; run: (input: unknown, call: Call) => unknown }) => {
    const bound = bind(implement(contract, async (given, call) => run(given, call) as never), store);
    const environment = new MockActivityEnvironment({ attempt: 2, activityId: 'placeOrder:2', workflowExecution: { workflowId: 'laptop/x1', runId: 'r' } });
    return environment.run(bound, input, { idempotencyKey: 'laptop/x1#1/placeOrder:2' });
  };
  const failureOf = async (asked: Promise<unknown>): Promise<ApplicationFailure> => {
    const error = await asked.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ApplicationFailure)) throw new Error('it did not fail as it should', { cause: error });
    return error;
  };

  it('is told what it must know of the call', async () => {
    const told: Partial<Call>[] = [];
    const run = (_input: unknown, { idempotencyKey, instanceId, step, attempt, signal }: Call) => {
      told.push({ idempotencyKey, instanceId, step, attempt });
      return { number: String(signal.aborted) };
    };
    expect(await ask({ run })).toEqual({ number: 'false' });
    expect(told).toEqual([{ idempotencyKey: 'laptop/x1#1/placeOrder:2', instanceId: 'laptop/x1', step: 'placeOrder:2', attempt: 2 }]);
  });

  it('is not asked when its input breaks the contract', async () => {
    const asked: unknown[] = [];
    const failure = await failureOf(ask({ input: { item: '', colour: 'grey' }, run: (input) => asked.push(input) }));
    expect(failure).toMatchObject({ type: 'InvalidInput', nonRetryable: true, message: expect.stringMatching(/^the input of shop\.placeOrder does not fit its contract: item: .*colour/) });
    expect(asked).toEqual([]);
  });

  it('may not answer what breaks the contract', async () => {
    expect(await failureOf(ask({ run: () => ({ number: 7 }) }))).toMatchObject({ type: 'Unexpected', nonRetryable: true, message: expect.stringContaining('shop.placeOrder answered what breaks its contract: number:') });
    expect(await failureOf(ask({ run: () => undefined }))).toMatchObject({ type: 'Unexpected' });
    const much = await failureOf(ask({ run: () => Object.fromEntries(Array.from({ length: 5_000 }, (_, nth) => [`field ${nth}`, nth])) }));
    expect(much.message.length).toBeLessThan(1_000);
    expect(await failureOf(ask({ run: () => ({ number: 'ü'.repeat(500_000) }) }))).toMatchObject({ type: 'Unexpected', message: expect.stringMatching(/answered 1000013 bytes, more than the 1000000/) });
  });

  it('says at which attempt it was refused, beside what it had to say itself', async () => {
    const refusal = await failureOf(
      ask({
        run: () => {
          throw rejected('no', { facts: { status: 409 }, cause: new Error('conflict') });
        },
      }),
    );
    expect(refusal).toMatchObject({ type: 'Rejected', message: 'no', nonRetryable: true, details: [{ facts: { status: 409 }, attempt: 2 }], cause: { message: 'conflict' } });
    const later = await failureOf(
      ask({
        run: () => {
          throw unavailable('not now', { nextRetryDelay: 5_000 });
        },
      }),
    );
    expect(later).toMatchObject({ type: 'Unavailable', nonRetryable: false, nextRetryDelay: 5_000, details: [{ attempt: 2 }] });
  });

  it('fails by the name of its error when it has a bug', async () => {
    const bug = new TypeError('cannot read properties of undefined');
    const thrown = ask({
      run: () => {
        throw bug;
      },
    });
    await expect(thrown).rejects.toMatchObject({ name: 'ApplicationFailure', type: 'TypeError', message: bug.message, nonRetryable: false, details: [{ attempt: 2, attempts: [{ from: 1, to: 1, type: 'Unavailable' }, { from: 2, to: 2, type: 'TypeError' }] }] });
  });

  it('keeps evidence under a name that is unique within the instance and fit for a link', async () => {
    const run = async (_input: unknown, { evidence }: Call) => {
      const kept = await evidence({ name: `screen shot/${'x'.repeat(200)}.png`, title: 'The screen', mediaType: 'image/png', bytes: new Uint8Array([1, 2, 3]) });
      return { number: JSON.stringify(kept) };
    };
    const { number } = (await ask({ run })) as { number: string };
    const kept = Evidence.parse(JSON.parse(number));
    expect(kept).toMatchObject({ name: expect.stringMatching(/^placeOrder-2-2-screen-shot-x+$/), title: 'The screen', document: { mediaType: 'image/png', size: 3 } });
    expect((await store.get(kept.document.sha256))?.bytes).toHaveLength(3);
  });

  it('gets a step’s input, its output where there was one, and its key, when it undoes that', async () => {
    const contract = cancelOrder as unknown as ActivityContract;
    const run = (input: unknown) => ({ undone: (input as { forwardKey: string }).forwardKey === 'k' });
    expect(await ask({ contract, input: { input: order, forwardKey: 'k' }, run })).toEqual({ undone: true });
    expect(await ask({ contract, input: { input: order, output: { number: 'n' }, forwardKey: 'other' }, run })).toEqual({ undone: false });
    expect(await failureOf(ask({ contract, input: { input: order, forwardKey: '' }, run }))).toMatchObject({ type: 'InvalidInput' });
    expect(await failureOf(ask({ contract, input: { input: order, forwardKey: 'k' }, run: () => ({ undone: 'yes' }) }))).toMatchObject({ type: 'Unexpected' });
  });
});

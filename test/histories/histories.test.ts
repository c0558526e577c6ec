import { hostname } from 'node:os';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { discoverProcesses } from '../../platform/discover.ts';
import { bundleToReplay, replay } from '../../workers/gate/replay.ts';
import { type KeptHistories, readHistories } from './kept.ts';

const kept = await readHistories();
let bundle: WorkflowBundle;
beforeAll(async () => {
  // The replays that are to fail would fill the log.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), telemetryOptions: { logging: { filter: 'off' } } });
  bundle = await bundleToReplay();
});

async function differences({ code, histories }: { code: string; histories: KeptHistories['histories'] }): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const { of, difference } of replay({ bundle: { code }, histories })) if (difference) found.push({ id: of.id, ...difference });
  return found;
}
/** Code of today with a change that somebody might make. */
function changed(from: string, to: string): string {
  expect(bundle.code.split(from)).toHaveLength(2);
  return bundle.code.replace(from, to);
}
const histories = kept.filter(({ process }) => process === 'supplierInvoice').flatMap((one) => one.histories);

describe('kept histories', () => {
  it('there are some of each process', async () => {
    const names = (await discoverProcesses()).filter(({ operation }) => !operation).map(({ name }) => name);
    const holes = names.filter((name) => !kept.some(({ process }) => process === name)).map((name) => `process "${name}" has no kept histories: docs/adding.md, "Keep it from breaking", says how to make some`);
    expect(holes).toEqual([]);
    expect(kept.map(({ process }) => process).filter((name) => !names.includes(name))).toEqual([]);
    for (const one of kept) expect(one.histories.length).toBeGreaterThan(0);
  });

  it.each(kept)('today\'s code does what version $version of $process did, with the same arguments and results', async ({ histories: those }) => {
    expect(await differences({ code: bundle.code, histories: those })).toEqual([]);
  });

  it('nor does it part from one that is still under way, wherever that is', async () => {
    const [longest] = [...histories].sort((one, other) => (other.history.events?.length ?? 0) - (one.history.events?.length ?? 0));
    const events = longest?.history.events ?? [];
    const cut = events.map((_, at) => ({ id: longest?.id ?? '', history: { events: events.slice(0, at + 1) } }));
    expect(cut.length).toBeGreaterThan(50);
    expect(await differences({ code: bundle.code, histories: cut })).toEqual([]);
  });

  it.each(kept)('those of $process $version tell nothing of the machine they were made on', ({ histories: those }) => {
    const text = those.map(({ history }) => readable(historyToJSON(history))).join('\n');
    const told = [/"(identity|stackTrace|requestId)": *"[^"]/g, /\b\d+@\w+/g, /\/(home|root|Users|tmp|work)\//g, /file:\/\/|node_modules|\.ts:\d/g];
    expect([...told.flatMap((pattern) => text.match(pattern) ?? []), ...(text.includes(hostname()) ? [hostname()] : [])]).toEqual([]);
  });
});

describe('what a replay alone does not see is found', () => {
  const cases = [
    { what: 'an argument of an activity', from: 'amount: total\n', to: 'amount: { ...total, minorUnits: total.minorUnits + 1 }\n', step: 'reserveBudget', why: /another \/0\/amount\/minorUnits: (\d+) became/ },
    { what: 'what a person is shown', from: 'reasons,\n', to: "reasons: [...reasons, 'because'],\n", step: 'approveInvoice', why: /another \/task:approveInvoice\/shown/ },
    { what: 'the result', from: 'erpDocument: documentNumber', to: 'erpDocument: paymentId', step: undefined, why: /complete is asked with another/ },
  ];
  it.each(cases)('$what', async ({ from, to, step, why }) => {
    const code = changed(from, to);
    const plain: string[] = [];
    const runs = histories.map(({ id, history }) => ({ workflowId: id, history }));
    const silent = { gate: { commands: { fn: () => undefined } } };
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: { code }, sinks: silent }, runs)) if (error) plain.push(workflowId);
    expect(plain).toEqual([]);
    const found = await differences({ code, histories });
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) expect(one).toMatchObject({ step, why: expect.stringMatching(why) });
  });

  it('and what it does see is told by the step', async () => {
    const found = await differences({ code: changed('await claimNumber(', 'if (total.minorUnits < 0) await claimNumber('), histories });
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) expect(one).toMatchObject({ step: 'claimNumber', why: expect.stringContaining('the history has activity ledger.claimNumber') });
  });
});

/** The payloads as they read. */
const readable = (json: string): string => json.replaceAll(/"data": *"([^"]*)"/g, (_, data: string) => Buffer.from(data, 'base64').toString());

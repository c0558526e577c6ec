import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InvoiceRow } from '../../demo/invoices/run.ts';
import { expectations } from '../../samples/expectations.ts';
import { type RunningCommand, startCommand } from '../launch/command.ts';
import { replay } from '../stage/replay.ts';

/** What `npm run demo -- --json` prints. */
interface Printed {
  readonly instances: readonly Omit<InvoiceRow, 'differences'>[];
  readonly seconds: number;
}

let directory: string;
let demo: RunningCommand;
let printed: Printed;
/** What the demo keeps, with the differences from the table in words. */
let rows: readonly InvoiceRow[];
let dataDir: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'throughline-demo-'));
  demo = startCommand({ program: 'demo/main', args: ['--json', '--stay'], env: { THROUGHLINE_DEMOS: join(directory, 'demos'), TEMPORAL_ADDRESS: '127.0.0.1:1' }, directory, name: 'the demo' });
  printed = await demo.until((text) => (text.endsWith('\n') ? (JSON.parse(text) as Printed) : undefined));
  dataDir = await readFile(join(directory, 'demos', 'last'), 'utf8');
  rows = JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as InvoiceRow[];
}, 420_000);
afterAll(async () => {
  demo.kill();
  await demo.exited;
  await rm(directory, { recursive: true, force: true });
});

const row = (file: string): InvoiceRow => rows.find(({ document }) => document === file) as InvoiceRow;

describe('the demo, with the ledger and the payments failing at times', () => {
  it.each(expectations)('$file: $title', ({ file, status }) => {
    expect(row(file)).toMatchObject({ status, expected: status, ok: true, differences: [] });
  });

  it('went on in spite of both faults, which hit at least one invoice each', () => {
    const retried = rows.flatMap((one) => one.retried).join(' ');
    expect(retried).toMatch(/claimNumber|reserveBudget|undo/);
    expect(retried).toContain('schedulePayment');
  });

  it('prints nothing but its outcome as JSON, one instance for each document', () => {
    expect(Object.keys(printed)).toEqual(['instances', 'seconds']);
    expect(printed.instances.map(({ document }) => document)).toEqual(expectations.map(({ file }) => file));
    for (const instance of printed.instances) {
      expect(instance).toEqual({
        document: expect.any(String),
        id: expect.stringMatching(/^supplierInvoice\//),
        status: expect.stringMatching(/^(completed|rejected)$/),
        expected: expect.any(String),
        ok: true,
        total: instance.total && { minorUnits: expect.any(Number), currency: expect.stringMatching(/^[A-Z]{3}$/) },
        seconds: expect.any(Number),
        decidedBy: expect.any(Array),
        retried: expect.any(Array),
        history: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/.+\/history$/),
      });
    }
  });

  it('shows each history in the Web UI', async () => {
    const { history } = row('06-over-order.pdf');
    expect((await fetch(history as string)).headers.get('content-type')).toContain('text/html');
  });

  it('left histories that replay', async () => {
    const { ports } = JSON.parse(await readFile(join(dataDir, 'temporal', 'embedded.json'), 'utf8')) as { ports: { frontend: number } };
    await replay({ address: `127.0.0.1:${ports.frontend}`, namespace: 'default', ids: rows.map(({ id }) => id) });
  });

  it('ends with 0 at Ctrl-C', async () => {
    demo.interrupt();
    expect(await demo.exited).toEqual({ code: 0, signal: null });
  });
});

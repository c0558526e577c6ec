import { beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedTemporal } from '../../temporal/start.ts';
import { repository } from '../../platform/repository.ts';
import { closeAfterAll, type RunningApi, startApiProcess, startOwnTemporal } from '../api/running-api.ts';
import { pdfOf } from '../api/sample-documents.ts';
import { inBash } from './shell.ts';
import { blocksOf, readText } from './snippets.ts';

let temporal: EmbeddedTemporal;
let api: RunningApi;
const later = closeAfterAll();
beforeAll(async () => {
  temporal = await startOwnTemporal();
  later(() => temporal.stop());
  api = await startApiProcess({ temporal });
  later(() => api.stop());
});

describe('the guide to schedules', () => {
  it('does with curl what it says', async () => {
    const blocks = blocksOf({ text: await readText('docs/schedules.md'), language: 'bash', part: 'schedules' });
    const { token } = await api.tokens.create({ user: 'olga', roles: ['operator'], groups: [] });
    const script = blocks.map((block) => block.replaceAll(/^curl/gm, 'echo; curl -w "\\n%{http_code}"')).join('\n');
    const { code, out, err } = await inBash({ script, env: { API: `${api.url}/api`, OLGA: token }, directory: repository });
    expect({ code, err }).toEqual({ code: 0, err: '' });

    const lines = out.split('\n').filter((line) => line !== '');
    const statuses = lines.filter((line) => /^\d{3}$/.test(line));
    expect(statuses).toEqual(['201', '200', '200', '200', '200', '200', '202', '202', '200', '204']);
    const [made, read, listed, instances, paused, resumed, triggered, backfilled, changed] = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(made).toMatchObject({ id: 'rent', createdBy: 'olga', overlap: 'bufferOne', catchupWindow: '2 days', problem: null });
    expect(read).toEqual(made);
    expect(listed).toMatchObject({ schedules: expect.any(Array), next: null });
    expect(instances).toEqual({ instances: [], next: null });
    expect(paused).toMatchObject({ paused: true, note: { by: 'olga', reason: 'the landlord changes banks' } });
    expect(resumed).toMatchObject({ paused: false, note: { by: 'olga', reason: 'the new account is confirmed' } });
    expect(triggered).toMatchObject({ schedule: 'rent', instance: expect.stringMatching(/^supplierInvoice\/rent-/) });
    expect(backfilled).toMatchObject({ times: 3, startedBefore: 0, starts: 3 });
    expect(changed).toMatchObject({ spec: { cronExpressions: ['0 6 3 * *'] }, counts: { started: 4 } });
  });

  it('gives examples that are taken', async () => {
    const text = await readText('docs/schedules.md');
    const rows = [...text.matchAll(/^\| (?:`(\w+)` )?\| `(\[[^`]*\])` \|/gm)];
    expect(rows).toHaveLength(4);
    const olga = await api.user({ name: 'olga', roles: ['operator'] });
    const { body: document } = await olga<object>('/api/documents', { raw: await pdfOf('an example'), headers: { 'content-type': 'application/pdf' } });
    for (const [, list = 'calendars', example = ''] of rows) {
      const { status } = await olga('/api/schedules', { json: { process: 'supplierInvoice', input: { document }, spec: { [list]: JSON.parse(example) as unknown } } });
      expect({ example, status }).toEqual({ example, status: 201 });
    }
  });
});

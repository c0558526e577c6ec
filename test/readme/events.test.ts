import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedTemporal } from '../../temporal/start.ts';
import { type HandWorker, workByHand } from '../api/hand-worker.ts';
import { closeAfterAll, type RunningApi, startApiProcess, startOwnTemporal, temporaryDirectory } from '../api/running-api.ts';
import { inBash } from './shell.ts';
import { blocksOf, readText } from './snippets.ts';

let temporal: EmbeddedTemporal;
let api: RunningApi;
let worker: HandWorker;
let directory: string;
let env: Record<string, string>;
const later = closeAfterAll();
beforeAll(async () => {
  temporal = await startOwnTemporal();
  later(() => temporal.stop());
  api = await startApiProcess({ temporal });
  later(() => api.stop());
  worker = await workByHand(temporal);
  later(() => worker.close());
  directory = await temporaryDirectory();
  later(() => rm(directory, { recursive: true, force: true }));
  const { token } = await api.tokens.create({ user: 'olga', roles: ['operator'], groups: [] });
  env = { API: `${api.url}/api`, OLGA: token };
});

const start = (key: string): Promise<string> => worker.start({ id: `supplierInvoice/${key}`, process: 'supplierInvoice', memo: { startedBy: 'petra' } });
const run = (script: string, id = ''): ReturnType<typeof inBash> => inBash({ script, env: { ...env, id: encodeURIComponent(id) }, directory });
const eventsIn = (text: string): readonly string[] => [...text.matchAll(/^event: (.*)$/gm)].map(([, event = '']) => event);

describe('the page on events', () => {
  it('shows how to follow an instance to its end, and how to go on after a part of it', async () => {
    const [follow = '', goOn = ''] = blocksOf({ text: await readText('docs/events.md'), language: 'bash' });
    await start('shown');
    const whole = run(follow, 'supplierInvoice/shown');
    await worker.end('supplierInvoice/shown', 'completed');
    const { code, out, err } = await whole;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(eventsIn(out)).toEqual([...eventsIn(out).slice(0, -1), 'end']);
    const rest = await run(goOn, 'supplierInvoice/shown');
    expect({ code: rest.code, err: rest.err }).toEqual({ code: 0, err: '' });
    const withIds = (text: string): readonly string[] => text.split('\n\n').filter((message) => /^id: /m.test(message));
    expect(withIds(rest.out)).toEqual(withIds(out).slice(1));
  });

  it('shows how to listen to all instances', async () => {
    const [, , listen = ''] = blocksOf({ text: await readText('docs/events.md'), language: 'bash' });
    const listening = run(listen);
    await start('another');
    const { code, out } = await listening;
    expect(code).toBe(28);
    expect(eventsIn(out)[0]).toBe('reset');
  });

  it('shows a client that has what GET answers, in whatever pieces the stream comes', async () => {
    const [client = ''] = blocksOf({ text: await readText('docs/events.md'), language: 'js' });
    await start('client');
    const use = `
      let [kept, shown] = [];
      for await (const { event, data } of events(\`\${process.env.API}/instances/\${process.env.id}/events\`, process.env.OLGA)) {
        if (event === 'instance') shown = kept = data;
        if (event === 'change') shown = kept = patched(kept, data.patch);
        if (event === 'pending') shown = patched(kept, data.patch);
        if (event === 'end') break;
      }
      console.log(JSON.stringify(shown));
    `;
    await writeFile(join(directory, 'client.mjs'), `${client}\n${use}`);
    const told = promisify(execFile)(process.execPath, ['client.mjs'], { cwd: directory, env: { ...process.env, ...env, NODE_OPTIONS: '', id: encodeURIComponent('supplierInvoice/client') } });
    await worker.end('supplierInvoice/client', 'rejected');
    const olga = await api.user();
    expect(JSON.parse((await told).stdout)).toEqual((await olga(`/api/instances/${encodeURIComponent('supplierInvoice/client')}`)).body);
  });
});

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApiUser } from '../../demo/api-client.ts';
import { type RunningCommand, startCommand } from './command.ts';
import { copyOfRepository } from './copy.ts';

let copy: string;
let dev: RunningCommand;
let title: () => Promise<string>;

beforeAll(async () => {
  copy = await copyOfRepository();
  const ports = { API_PORT: '0', THROUGHLINE_TEMPORAL_PORT: '0', THROUGHLINE_UI_PORT: '0' };
  dev = startCommand({ program: 'launch/start', args: ['--reload', '--no-sandbox'], env: { ...ports, TEMPORAL_ADDRESS: undefined, THROUGHLINE_DATA: join(copy, 'data') }, directory: copy, name: 'dev', root: copy });
  const { apiUrl, token } = await dev.until((text) => {
    const [, api] = /^API +(http:\S+)\/api$/m.exec(text) ?? [];
    const [, olga] = /^ {2}olga +(tl_\S+)/m.exec(text) ?? [];
    return api !== undefined && olga !== undefined ? { apiUrl: api, token: olga } : undefined;
  });
  title = async () => (await createApiUser({ apiUrl, token }).get<{ title: string }>('/processes/supplierInvoice')).title;
});
afterAll(async () => {
  dev.kill();
  await dev.exited;
  await rm(copy, { recursive: true, force: true });
});

const saying = async (words: string, times = 1): Promise<void> => {
  while ((await dev.complaints()).split(words).length <= times) await pause(100);
};
const edit = async (file: string, change: (source: string) => string): Promise<void> => {
  const path = join(copy, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
};

describe('npm run dev', () => {
  it('serves a contract as it was changed', async () => {
    expect(await title()).toBe('Pay a supplier invoice');
    await edit('contracts/processes/supplier-invoice.ts', (source) => source.replace('Pay a supplier invoice', 'Settle a supplier invoice'));
    await saying('The worker is ready.');
    expect(await title()).toBe('Settle a supplier invoice');
  });

  it('outlives a mistake in a flow, says what it is, and goes on when it is mended', async () => {
    const mistake = '\nconst so is this no code;\n';
    await edit('workflows/supplier-invoice.ts', (source) => source + mistake);
    await saying('The worker did not start; mend it and save again.');
    expect(await dev.complaints()).toContain('supplier-invoice.ts');
    await edit('workflows/supplier-invoice.ts', (source) => source.replace(mistake, ''));
    await saying('The worker is ready.', 2);
    expect(await title()).toBe('Settle a supplier invoice');
  });
});

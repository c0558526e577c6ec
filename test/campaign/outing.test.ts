import { execFile } from 'node:child_process';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultNames, type FaultName } from '../../campaign/faults.ts';
import { copyOfRepository } from '../launch/copy.ts';

/** What somebody adds who adds processes: contracts, flows, and a sample of each. */
const added = {
  'contracts/processes/outing.ts': `export { outing, settleBill } from '../../test/campaign/outing/contracts.ts';\n`,
  'campaign/samples/outing.ts': `export { outing, settleBill } from '../../test/campaign/outing/samples.ts';\n`,
};
const entry = `export { outing, settleBill } from '../test/campaign/outing/flows.ts';\n`;

let copy: string;
let ended: { readonly code: number; readonly out: string; readonly err: string };

beforeAll(async () => {
  copy = await copyOfRepository({ tests: true });
  for (const [file, text] of Object.entries(added)) await writeFile(join(copy, file), text);
  await appendFile(join(copy, 'workflows/index.ts'), entry);
  ended = await campaign('--process', 'outing', '--process', 'settleBill', '--few');
}, 600_000);
afterAll(() => rm(copy, { recursive: true, force: true }));

function campaign(...args: readonly string[]): Promise<typeof ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'campaign/main.ts', ...args], { cwd: copy, env: { ...process.env, NODE_OPTIONS: '' } }, (error, out, err) => {
      process.stdout.write(`${out}\n`);
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
    });
  });
}

describe('processes that were added, with a message, a timer, a sub-process, an optional step and the same for many', () => {
  it('are covered by the fault campaign once they have a sample, and have no hole', () => {
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('; 0 holes') });
    for (const step of ['reserveSeat', 'undo:reserveSeat', 'confirmed', 'objections', 'settle', 'invite', 'earmark', 'undo:earmark', 'agreePrice', 'pay', 'undo:pay']) {
      expect(ended.out).toMatch(new RegExp(`^│${step} *│.*✓`, 'm'));
    }
  });

  it('and a sub-process that was cancelled by itself, undone and run again balances', () => {
    expect(ended.out).toMatch(/^│settle *│ *✓/m);
  });

  it('and a step that the process can do without was skipped, as no other can be', () => {
    const signAt = (place: string, fault: FaultName) => ended.out.split('\n').find((line) => line.startsWith(`│${place} `))?.split('│')[2 + faultNames.indexOf(fault)]?.trim();
    expect(signAt('invite', 'skipped')).toBe('✓');
    expect(signAt('reserveSeat', 'skipped')).toBe('–');
  });
});

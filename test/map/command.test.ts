import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { ProcessMap } from '../../contracts/process-map.ts';
import { repository } from '../../platform/repository.ts';

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'map/main.ts', ...args], { cwd: repository, encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('npm run map', () => {
  it('prints the map of a process as JSON', () => {
    const { status, stdout } = run('supplierInvoice');
    const map = ProcessMap.parse(JSON.parse(stdout));
    expect({ status, process: map.process, file: map.file }).toEqual({ status: 0, process: 'supplierInvoice', file: 'workflows/supplier-invoice.ts' });
    expect(map.nodes.filter(({ kind }) => kind === 'step').map(({ step }) => step)).toEqual(expect.arrayContaining(['readDocument', 'approveInvoice', 'notifySupplier']));
    expect(map.nodes.filter(({ kind, end }) => kind === 'end' && end === 'rejected')).toHaveLength(3);
  });

  it('prints it as a Mermaid flowchart, with the titles of steps and the names of conditions', () => {
    const { status, stdout } = run('employeeOnboarding', '--format', 'mermaid');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^flowchart TD\n/);
    expect(stdout).toContain('"the first decides"');
    expect(stdout).toContain('{"end.first === \'withdrawn\'"}');
    // Each arrow leads from a node that is drawn to another.
    const drawn = new Set([...stdout.matchAll(/^ +([nr]\d+)[^ ]*[[({>]/gm)].map(([, name]) => name).concat([...stdout.matchAll(/subgraph (r\d+)/g)].map(([, name]) => name)));
    for (const [, from, to] of stdout.matchAll(/^ +(\w+) -.*> ?(?:\|"[^"]*"\| )?(\w+)$/gm)) expect([drawn.has(from), drawn.has(to)]).toEqual([true, true]);
  });

  it.each([
    [['nothing'], /there is no process "nothing"; there are .*supplierInvoice/],
    [['supplierInvoice', '--format', 'png'], /--format is "png"; there are json and mermaid/],
    [['supplierInvoice', 'bulk'], /one process at a time/],
  ])('says what is wrong with %j', (args, words) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(words);
  });
});

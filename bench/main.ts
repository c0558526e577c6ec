import { parseArgs } from 'node:util';
import { api } from './api/run.ts';
import { overhead } from './overhead/run.ts';
import { server } from './server/run.ts';

const benches: Readonly<Record<string, (options: { json: boolean }) => Promise<boolean>>> = { api, overhead, server };

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
const [name = ''] = positionals;
const bench = benches[name];
if (!bench) {
  process.stderr.write(`there is no bench "${name}". Choose one: ${Object.keys(benches).map((known) => `npm run bench -- ${known}`).join(', ')}\n`);
  process.exitCode = 2;
} else if (!(await bench(values))) {
  process.exitCode = 1;
}

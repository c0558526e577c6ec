import { parseArgs } from 'node:util';
import { errorMessage } from '../platform/errors.ts';
import { api } from './api/run.ts';
import { overhead } from './overhead/run.ts';
import { quick } from './quick/run.ts';
import { scale } from './scale/run.ts';
import { server } from './server/run.ts';
import { verbs } from './verbs/run.ts';

interface Options {
  readonly json: boolean;
  /** Only of `scale`. */
  readonly open: string;
}

/** Each says whether its goals were met. */
const benches: Readonly<Record<string, (options: Options) => Promise<boolean>>> = { overhead, api, quick, verbs, server, scale };

const options = { json: { type: 'boolean', default: false }, open: { type: 'string', default: '10,1000,20000' } } as const;
const { positionals, values } = parseArgs({ allowPositionals: true, options });
const [name = ''] = positionals;
const bench = benches[name];
if (!bench) {
  process.stderr.write(`there is no bench "${name}". Choose one: ${Object.keys(benches).map((known) => `npm run bench -- ${known}`).join(', ')}\n`);
  process.exitCode = 2;
} else {
  try {
    if (!(await bench(values))) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exitCode = 2;
  }
}

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { definitionOf } from '../contracts/define/definition.ts';
import { discoverProcesses } from '../platform/discover.ts';
import { errorMessage } from '../platform/errors.ts';
import { repository } from '../platform/repository.ts';
import { mermaidOf } from './export/mermaid.ts';
import { createModules } from './reader/modules.ts';
import { readFlow } from './reader/read-flow.ts';

const formats = ['json', 'mermaid'] as const;
const usage = `npm run map -- <process> [--format ${formats.join('|')}]
The map of a process, read from its flow's source; JSON unless told otherwise.
`;

try {
  process.stdout.write(await drawn());
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}

async function drawn(): Promise<string> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { format: { type: 'string', default: 'json' }, help: { type: 'boolean', default: false } } });
  const [name, ...more] = positionals;
  if (values.help || name === undefined) return usage;
  if (more.length > 0) throw new Error(`one process at a time: "${name}" and "${more.join('", "')}" are given`);
  const processes = await discoverProcesses();
  const contract = processes.find((one) => one.name === name);
  if (!contract) throw new Error(`there is no process "${name}"; there are ${processes.map((one) => one.name).join(', ')}`);
  if (!formats.some((one) => one === values.format)) throw new Error(`--format is "${values.format}"; there are ${formats.join(' and ')}`);
  const file = join(repository, contract.operation ? 'workflows/operations/index.ts' : 'workflows/index.ts');
  const map = readFlow({ modules: createModules(), file, process: name });
  return values.format === 'json' ? `${JSON.stringify(map, null, 2)}\n` : mermaidOf({ map, definition: definitionOf(contract).definition });
}

import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { z } from 'zod';
import { readDirectory, systemNames, type Directory, type SystemName } from './directory.ts';
import { FaultSpec } from './faults.ts';
import { mistake, parseFault } from './fault-words.ts';

const usage = `Switches faults of the running sandbox on and off.

  npm run sandbox -- fault <system> <fault> [<how long>] [--times N] [--path P] [--silent]
  npm run sandbox -- faults [<system>]
  npm run sandbox -- clear [<system>]

Systems: ${systemNames.join(', ')}
Faults:  latency <delay> [for <how long>]   answers come late
         outage [<how long>]                connections are cut
         error-500 [<how long>]             internal errors
         did-it-but-timeout [<how long>]    it takes effect, but the answer is a timeout (--silent: no answer)
         session-expiry [<how long>]        only legacyErp: everybody is signed out
         A time is 500ms, 30s or 2m. Without one, a fault stays until it is cleared.
--times  ends the fault after it has struck N times
--path   strikes only these requests: /claims, 'POST /claims', '/entries/*'; of mail: 'MAIL *@some.example'

The data directory is taken from THROUGHLINE_DATA (default: .throughline/data).
`;

const Switch = z.object({
  kinds: z.record(z.string(), z.string()),
  faults: z.array(FaultSpec.extend({ struck: z.int(), until: z.string().nullable(), id: z.string() })),
});

/**
 * Does what `npm run sandbox -- <args>` asks for, on the sandbox that runs on `dataDir`.
 *
 * @returns what to print
 * @throws Error, marked as a mistake (see `isMistake`), that says what the person must put right
 */
export async function command({ args, dataDir }: { args: readonly string[]; dataDir: string }): Promise<string> {
  const { positionals, values } = parsed(args);
  const [verb, wanted, ...words] = positionals;
  if (values.help || verb === undefined) return usage;
  if (verb !== 'fault' && verb !== 'faults' && verb !== 'clear') throw mistake(`unknown command "${verb}"; there are fault, faults and clear`);

  const directory = await running(dataDir);
  const names = wanted === undefined ? systemNames : [systemNamed(wanted)];
  if (verb === 'clear') {
    await Promise.all(names.map((name) => ask({ directory, name, method: 'DELETE' })));
    return `cleared all faults of ${names.join(', ')}\n`;
  }
  if (verb === 'faults') return table({ directory, names });
  const [name] = names;
  if (wanted === undefined || name === undefined) throw mistake(`name the system: ${systemNames.join(', ')}`);
  const fault = FaultSpec.loose().parse(await ask({ directory, name, method: 'POST', body: parseFault({ words, ...values }) }));
  const lasting = fault.for === undefined && fault.times === undefined;
  return `${name}: ${inWords(fault)} is on${lasting ? `; end it with: npm run sandbox -- clear ${name}` : ''}\n`;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { times: { type: 'string' }, path: { type: 'string' }, silent: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw mistake((error as Error).message);
  }
}

async function running(dataDir: string): Promise<Directory> {
  const directory = await readDirectory(dataDir);
  if (directory) return directory;
  throw mistake(`no sandbox runs on ${dataDir}: start one with npm start or npm run demo -- --stay, or name its data directory with THROUGHLINE_DATA`);
}

function systemNamed(wanted: string): SystemName {
  const plain = (text: string) => text.toLowerCase().replaceAll('-', '');
  const name = systemNames.find((each) => plain(each) === plain(wanted));
  if (!name) throw mistake(`unknown system "${wanted}"; there are ${systemNames.join(', ')}`);
  return name;
}

async function ask({ directory, name, method, body }: { directory: Directory; name: SystemName; method: string; body?: unknown }): Promise<unknown> {
  const system = directory.systems[name];
  if (!system) throw mistake(`the running sandbox has no system ${name}`);
  const init = body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${system.url}/_faults`, { ...init, signal: AbortSignal.timeout(5_000) }).catch((cause: unknown) => {
    throw mistake(`${name} does not answer at ${system.url}: the sandbox does not run any more. Start it again with npm start (${String(cause)})`);
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw mistake(`${name} refuses: ${z.object({ detail: z.string() }).parse(answer).detail}`);
  return answer;
}

async function table({ directory, names }: { directory: Directory; names: readonly SystemName[] }): Promise<string> {
  const rows = new Table({ head: ['system', 'fault', 'until', 'struck'], style: { head: [], border: [] } });
  for (const name of names) {
    const { faults } = Switch.parse(await ask({ directory, name, method: 'GET' }));
    for (const fault of faults) rows.push([name, inWords(fault), fault.until ?? 'cleared', String(fault.struck)]);
  }
  return rows.length === 0 ? 'no fault is on\n' : `${rows.toString()}\n`;
}

function inWords({ kind, delay, for: lasts, times, operation, silent }: FaultSpec): string {
  return [
    kind,
    ...(delay === undefined ? [] : [`of ${delay / 1000} s`]),
    ...(silent ? ['(silent)'] : []),
    ...(operation === undefined ? [] : [`on ${operation}`]),
    ...(lasts === undefined ? [] : [`for ${lasts / 1000} s`]),
    ...(times === undefined ? [] : [`${times} times`]),
  ].join(' ');
}

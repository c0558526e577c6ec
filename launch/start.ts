import { parseArgs } from 'node:util';
import { errorMessage } from '../platform/errors.ts';
import { portSettings } from '../temporal/start.ts';
import { dataDirectory, portSetting } from './options.ts';
import { freshTokens } from './people.ts';
import { type Platform, startPlatform } from './platform.ts';
import { reloadOnChange } from './reload.ts';
import { unlessInterrupted, untilInterrupted } from './interrupt.ts';

/** `npm start`: brings the platform up, says where it is, and runs until it is told to end. */
try {
  const { values } = parseArgs({
    allowNegative: true,
    options: { sandbox: { type: 'boolean', default: true }, reload: { type: 'boolean', default: false } },
  });
  const interrupted = untilInterrupted();
  const work = startPlatform({
    dataDir: dataDirectory(),
    sandbox: values.sandbox,
    ports: { api: portSetting('API_PORT', 7700), temporal: portSetting(portSettings.server, 7233), ui: portSetting(portSettings.ui, 8233) },
    temporalAddress: process.env.TEMPORAL_ADDRESS,
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  const platform = await unlessInterrupted({ interrupted, work });
  await greet(platform);
  const reloading = values.reload ? reloadOnChange(platform) : undefined;
  const broken = await Promise.race([interrupted, platform.broken]);
  reloading?.stop();
  process.stderr.write('Stopping …\n');
  await platform.stop();
  if (broken) throw new Error(broken);
  process.exit(0);
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exit(1);
}

async function greet({ apiUrl, apiDataDir, server, sandbox }: Platform): Promise<void> {
  const tokens = await freshTokens({ apiDataDir, users: ['olga', 'petra', 'felix'] });
  const lines = [
    '',
    `API            ${apiUrl}/api`,
    `API docs       ${apiUrl}/api/docs`,
    `Temporal       ${server.address}, namespace ${server.namespace}`,
    ...(server.uiUrl ? [`Temporal UI    ${server.uiUrl}`] : []),
    ...(sandbox ? [`Legacy ERP     ${sandbox.systems.legacyErp.url}`, `Mailbox        ${sandbox.systems.mail.url}`] : []),
    `Data           ${dataDirectory()}`,
    '',
    'Tokens, fresh at each start:',
    ...tokens.map(({ user, roles, groups, token }) => `  ${user.padEnd(6)} ${token}  ${roles.join(', ')}${groups.length > 0 ? ` in ${groups.join(', ')}` : ''}`),
    '',
    'Ctrl-C ends it; the data are found again at the next start.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

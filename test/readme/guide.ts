import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { searchAttributes } from '../../contracts/verbs.ts';
import { type ApiUser, createApiUser } from '../../demo/api-client.ts';
import { startTemporal } from '../../temporal/start.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { copyOfRepository } from '../launch/copy.ts';
import { type RunningCommand, startCommand } from '../launch/command.ts';
import { inBash, type Said } from './shell.ts';
import { blocksOf, readText } from './snippets.ts';

/** A page that shows how something is added: complete files, each named in the first line of its block. */
export interface GuidePage {
  /** `docs/…` */
  readonly file: string;
  /** Brings up what its steps ask; gives the variables by which the workers find it. */
  readonly start?: () => Promise<Record<string, string>>;
  readonly stop?: () => Promise<void>;
  /** What it promises, on a copy of the repository to which all pages were added. */
  readonly tests: (guide: () => Guide) => void;
}

type Person = 'olga' | 'petra' | 'felix';

export interface Guide {
  /** Runs lines as the page has them, with the variables that it uses. */
  bash(script: string): Promise<Said>;
  as(person: Person): ApiUser;
  start(process: string, input: object): Promise<string>;
  view(id: string): Promise<InstanceView>;
  /** Waits until the view says so; the test's own time limit ends it. */
  until(id: string, holds: (view: InstanceView) => boolean): Promise<InstanceView>;
  /** Lets the instance's clock run ahead; timers on the way fire. */
  skip(id: string, hours: number): Promise<void>;
  /** As Temporal's own CLI would. */
  signal(id: string, signal: { readonly name: string; readonly input: object }): Promise<void>;
}

export type FollowedGuide = Awaited<ReturnType<typeof followGuide>>;

/** A copy of the repository in which somebody did what the pages say, in their order: first a page's `npm run new`, then each block into its file. */
export async function followGuide(pages: readonly GuidePage[]) {
  const copy = await copyOfRepository({ tests: true });
  const files = new Set<string>();
  for (const { file } of pages) {
    const text = await readText(file);
    if (text.includes('<!-- new:begin -->')) {
      const { code, err } = await inBash({ script: blocksOf({ text, language: 'bash', part: 'new' }).join(''), env: {}, directory: copy });
      if (code !== 0) throw new Error(`what ${file} begins with fails: ${err}`);
    }
    for (const block of blocksOf({ text, language: 'ts' })) {
      const [, target = '', code = ''] = /^\/\/ (\S+)\n([^]*)$/.exec(block) ?? [];
      await mkdir(dirname(join(copy, target)), { recursive: true });
      // The bundler's entry gets a line more, where `npm run new` has not put it there.
      if (target !== 'workflows/index.ts') await writeFile(join(copy, target), code);
      else if (!(await readFile(join(copy, target), 'utf8')).includes(code)) await appendFile(join(copy, target), code);
      files.add(target);
    }
  }
  return { copy, files: [...files], remove: () => rm(copy, { recursive: true, force: true }) };
}

/** Brings the copy up, on a Temporal server whose clock a test may let run ahead. */
export async function startGuide({ copy, pages }: { copy: string; pages: readonly GuidePage[] }): Promise<Guide & { stop(): Promise<void> }> {
  const temporal = await startTemporal({ dataDir: join(copy, 'temporal-data'), ui: false, searchAttributes, dynamicConfig: { 'frontend.WorkflowTimeSkippingEnabled': true } });
  const connection = await Connection.connect({ address: temporal.address });
  const systems = await Promise.all(pages.map(async ({ start }) => (await start?.()) ?? {}));
  const command = startCommand({
    program: 'launch/start',
    args: ['--no-sandbox'],
    env: { API_PORT: '0', THROUGHLINE_DATA: join(copy, 'data'), TEMPORAL_ADDRESS: temporal.address, ...Object.fromEntries(systems.flatMap(Object.entries<string>)) },
    directory: copy,
    name: 'the copy',
    root: copy,
  });
  const env = await addressesOf(command);
  const as = (person: Person): ApiUser => createApiUser({ apiUrl: env.API?.replace(/\/api$/, '') ?? '', token: env[person.toUpperCase()] ?? '' });
  const view = (id: string): Promise<InstanceView> => as('olga').get(`/instances/${encodeURIComponent(id)}`);
  return {
    bash: (script) => inBash({ script, env, directory: copy }),
    as,
    view,
    start: async (process, input) => (await as('petra').post<{ id: string }>(`/processes/${process}/instances`, { input })).id,
    async until(id, holds) {
      for (;;) {
        const now = await view(id);
        if (holds(now)) return now;
        await pause(100);
      }
    },
    async skip(id, hours) {
      await connection.workflowService.updateWorkflowExecutionOptions({
        namespace: temporal.namespace,
        workflowExecution: { workflowId: id },
        workflowExecutionOptions: { timeSkippingConfig: { enabled: true, fastForwardConfig: { id: `${hours} hours`, duration: msToTs(hours * 3_600_000) } } },
        updateMask: { paths: ['time_skipping_config'] },
      });
    },
    signal: (id, { name, input }) => new Client({ connection, namespace: temporal.namespace }).workflow.getHandle(id).signal(name, input),
    async stop() {
      command.interrupt();
      await command.exited;
      for (const { stop } of pages) await stop?.();
      await connection.close();
      await temporal.stop();
    },
  };
}

/** The variables that the pages' lines use, out of what the start has printed. */
const addressesOf = (command: RunningCommand): Promise<Record<string, string>> =>
  command.until((out) => {
    const api = /^API +(http:\S+)$/m.exec(out)?.[1];
    if (api === undefined || !out.includes('Ctrl-C')) return undefined;
    return { API: api, ...Object.fromEntries([...out.matchAll(/^ {2}(\w+) +(tl_\S+)/gm)].map(([, user = '', token = '']) => [user.toUpperCase(), token])) };
  });


import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Role } from '../../api/access/matrix.ts';
import { createTokenStore } from '../../api/tokens/store.ts';
import { type ApiUser, createApiUser, type Problem, Refused } from '../../demo/api-client.ts';
import { startPlatform } from '../../launch/platform.ts';
import type { InstanceView, StepState } from '../../visibility/instance-view.ts';
import { replay } from './replay.ts';

interface Person {
  readonly user: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
}

/** Everybody who acts in the tests. Fiona belongs to two groups, so that four eyes have something to refuse. */
const everybody: readonly Person[] = [
  { user: 'olga', roles: ['operator', 'starter', 'viewer'], groups: [] },
  { user: 'petra', roles: ['worker', 'starter'], groups: ['accounts-payable'] },
  { user: 'fiona', roles: ['worker'], groups: ['accounts-payable', 'finance'] },
  { user: 'felix', roles: ['worker'], groups: ['finance'] },
  { user: 'tara', roles: ['worker'], groups: ['treasury'] },
];

interface Options {
  /** Brings up the sandbox's systems too. Without it the systems' addresses come from this process's environment: set them before. Default: false. */
  readonly sandbox?: boolean;
  /** A worker's program to run instead of the product's own. */
  readonly workerProgram?: string | undefined;
  /** More people, of other groups. */
  readonly people?: readonly Person[];
}

export type RunningPlatform = Awaited<ReturnType<typeof startRunningPlatform>>;

/**
 * The whole platform on free ports with a data directory of its own: a Temporal server, the workers and the API as processes of their own. It is spoken
 * to as people do, through the public API only.
 */
export async function startRunningPlatform({ sandbox = false, workerProgram, people = [] }: Options = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-platform-'));
  const platform = await startPlatform({ dataDir, sandbox, workerProgram, ports: { api: 0, temporal: 0, ui: 0 }, progress: () => undefined });
  const store = createTokenStore({ directory: platform.apiDataDir });
  const users = new Map<string, ApiUser>();
  for (const { user, roles, groups } of [...everybody, ...people]) {
    const { token } = await store.create({ user, roles: [...roles], groups: [...groups] });
    users.set(user, createApiUser({ apiUrl: platform.apiUrl, token }));
  }
  const as = (user: string): ApiUser => {
    const found = users.get(user);
    if (!found) throw new Error(`there is no ${user} here; there are ${[...users.keys()].join(', ')}, and whom startRunningPlatform is given as people`);
    return found;
  };
  const started: string[] = [];

  const view = (id: string): Promise<InstanceView> => as('olga').get(`/instances/${encodeURIComponent(id)}`);

  const until = async (id: string, holds: (instance: InstanceView) => boolean): Promise<InstanceView> => {
    const began = Date.now();
    for (;;) {
      const instance = await view(id);
      if (holds(instance)) return instance;
      if (Date.now() - began > patience) throw new Error(`${id} did not come to what is waited for: ${inShort(instance)}`);
      await pause(glance);
    }
  };

  return {
    dataDir,
    platform,
    as,
    view,
    until,
    untilStep: (id: string, step: string, states: readonly StepState[] = ['running', 'retrying', 'waiting']) => until(id, (instance) => states.includes(stepOf(instance, step).state)),
    untilEnd: (id: string): Promise<InstanceView> => until(id, ({ status }) => status !== 'running'),
    /** Starts an instance of a process; answers with its id. */
    async start(process: string, input: unknown): Promise<string> {
      const { id } = await as('petra').post<{ id: string }>(`/processes/${process}/instances`, { input });
      started.push(id);
      return id;
    },
    decide: (user: string, { id, task, decision }: { id: string; task: string; decision: unknown }) => as(user).post<Record<string, unknown>>(`/tasks/${encodeURIComponent(`${id}/${task}`)}/complete`, { decision }),
    cancel: (id: string, reason: string) => as('olga').post(`/instances/${encodeURIComponent(id)}/cancel`, { reason }),
    resolve: ({ id, incident, verb, body }: { id: string; incident: string; verb: 'retry' | 'fail'; body?: unknown }) => as('olga').post<Record<string, unknown>>(`/instances/${encodeURIComponent(id)}/incidents/${encodeURIComponent(incident)}/${verb}`, body),
    /** Ends the worker, in order or as a crash would, and starts one whose environment has these changes. */
    async restartWorker(how: 'stop' | 'kill', changes: Readonly<Record<string, string | undefined>> = {}): Promise<void> {
      const { worker } = platform.parts;
      await worker[how]();
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await worker.start();
    },
    /** Replays every instance that was started, which shows what is not deterministic, and ends everything. */
    async stop(): Promise<void> {
      const { address, namespace } = platform.server;
      try {
        await replay({ address, namespace, ids: started });
      } finally {
        await platform.stop();
        await rm(dataDir, { recursive: true, force: true });
      }
    },
  };
}

/** Milliseconds between two looks at an instance, and until it is given up; the test's own limit is longer. */
const [glance, patience] = [150, 120_000];

export function stepOf({ steps }: InstanceView, step: string) {
  const found = steps.find((one) => one.step === step);
  if (!found) throw new Error(`there is no step "${step}"; there are ${steps.map((one) => one.step).join(', ')}`);
  return found;
}

/** The problem that a call is answered with. */
export async function refusal(call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
  throw new Error('the API did as it was told, and should have refused');
}

function inShort({ status, steps, waitingFor, problem, compensations }: InstanceView): string {
  const reached = steps.filter(({ state }) => state !== 'notReached').map(({ step, state, visits }) => `${step} ${state}${visits.at(-1)?.failure ? ` (${visits.at(-1)?.failure?.message})` : ''}`);
  return JSON.stringify({ status, reached, undoing: compensations.map(({ step, state }) => `${step} ${state}`), waitingFor: waitingFor.map(({ name }) => name), problem: problem?.message });
}

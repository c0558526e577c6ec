import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { composeFile, readCompose, variablesOf } from '../../deploy/compose.ts';
import { programOf } from '../../deploy/images.ts';
import { moduleFile, repository } from '../../platform/repository.ts';
import { serverVersion, uiVersion } from '../../temporal/build.ts';
import { inBash } from '../readme/shell.ts';
import { blocksOf } from '../readme/snippets.ts';
import { settingsOfCode } from './settings.ts';

const read = (path: string): Promise<string> => readFile(join(repository, path), 'utf8');
const example = parseEnv(await read('deploy/example.env')) as Record<string, string>;
const compose = await readCompose({ variables: example });
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);
const lasting = services.filter(([, { restart }]) => restart === 'unless-stopped');

/** What the file says when it is changed so. */
async function refusalOf({ from, to, variables = example }: { from: string | RegExp; to: string; variables?: Record<string, string> }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-compose-'));
  try {
    const text = await readFile(composeFile, 'utf8');
    const changed = text.replace(from, to);
    expect(changed === text && from !== '').toBe(false);
    const file = join(directory, 'docker-compose.yml');
    await writeFile(file, changed);
    return await readCompose({ variables, file }).then(() => 'nothing', (error: unknown) => String(error));
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe('docker-compose.yml', () => {
  it('has a service for the database, Temporal, its Web UI, the API and each role of workers', () => {
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(['postgresql', 'temporal', 'temporal-ui', 'api']));
    expect(ours.flatMap(([, { environment }]) => environment.WORKER_ROLES ?? []).sort()).toEqual(['ai', 'bot', 'service', 'workflows']);
  });

  it('refuses what is not pinned, root, published to the world, or not known here', async () => {
    expect(await refusalOf({ from: 'postgres:15.14-bookworm', to: 'postgres:latest' })).toContain('services.postgresql.image: is not pinned');
    expect(await refusalOf({ from: 'user: postgres', to: 'user: root' })).toContain('services.postgresql.user: must not be root');
    expect(await refusalOf({ from: "'127.0.0.1:8233:8080'", to: "'8233:8080'" })).toContain('services.temporal-ui.ports.0: must be published on 127.0.0.1');
    expect(await refusalOf({ from: 'deploy: { resources: { limits: { memory: 1g } } }', to: 'privileged: true' })).toContain('services.postgresql');
    expect(await refusalOf({ from: '', to: '', variables: { ...example, LEDGER_URL: '' } })).toContain('LEDGER_URL is not set: give the address of the ledger in .env');
  });

  it('runs the very versions of Temporal that everything else is tried with', () => {
    const image = (name: string): string | undefined => compose.services[name]?.image;
    expect(image('temporal')).toBe(`temporalio/server:${serverVersion.slice(1)}`);
    expect(image('temporal-schema')).toBe(`temporalio/admin-tools:${serverVersion.slice(1)}`);
    expect(image('temporal-ui')).toBe(`temporalio/ui:${uiVersion.slice(1)}`);
  });

  it('watches the health of everything that lasts, and starts nothing before what it needs', () => {
    expect(lasting.filter(([, { healthcheck }]) => !healthcheck).map(([name]) => name)).toEqual([]);
    for (const [name, { depends_on: needs }] of services) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        const other = compose.services[needed];
        expect({ name, needed, condition }).toEqual({ name, needed, condition: other?.healthcheck ? 'service_healthy' : 'service_completed_successfully' });
      }
    }
  });

  it('names only volumes, secrets, configs and networks that there are, and none in vain', () => {
    const used = (of: (service: (typeof services)[number][1]) => readonly string[]) => [...new Set(services.flatMap(([, service]) => of(service)))].sort();
    expect(used(({ volumes }) => volumes.map((volume) => volume.split(':')[0] ?? ''))).toEqual(Object.keys(compose.volumes).sort());
    expect(used(({ secrets }) => secrets)).toEqual(Object.keys(compose.secrets).sort());
    expect(used(({ configs }) => configs.map(({ source }) => source))).toEqual(Object.keys(compose.configs).sort());
    expect(used(({ networks }) => networks)).toEqual(Object.keys(compose.networks).sort());
    for (const { file } of Object.values(compose.configs)) expect(existsSync(join(repository, file))).toBe(true);
  });

  it('holds no secret: each lies in a file of its own', () => {
    const secret = /PASSWORD|PWD|SECRET|TOKEN|API_KEY|^SMTP_URL/;
    for (const [name, { environment, secrets }] of services) {
      for (const [variable, value] of Object.entries(environment).filter(([key]) => secret.test(key))) {
        expect({ name, variable, value }).toEqual({ name, variable: expect.stringMatching(/_FILE$/), value: expect.stringMatching(`^/run/secrets/(${secrets.join('|')})$`) });
      }
    }
  });

  it('sets what our code reads, and nothing that it does not', async () => {
    const code = await settingsOfCode();
    const set = new Set(ours.flatMap(([, { environment }]) => Object.keys(environment)));
    expect([...set].filter((name) => !code.read.has(name))).toEqual([]);
    expect([...code.read].filter((name) => !set.has(name) && !code.elsewhere.has(name) && !set.has(`${name}_FILE`) && !/_FILE$/.test(name))).toEqual([]);
  });

  it('takes from .env what the example has', async () => {
    const variables = await variablesOf();
    expect([...variables].filter(([, required]) => required).map(([name]) => name).sort()).toEqual(Object.keys(example).sort());
    const text = await read('deploy/example.env');
    expect([...variables.keys()].filter((name) => !text.includes(`${name}=`))).toEqual([]);
  });

  it('starts programs that there are, from images that are built or have a stand-in', async () => {
    const dockerfile = await read('Dockerfile');
    const { version } = JSON.parse(await read('package.json')) as { version: string };
    for (const [, { image, build, command = [], healthcheck }] of ours) {
      expect(image).toBe(`${build?.target}:${version}`);
      expect(dockerfile).toContain(` AS ${build?.target}\n`);
      const programs = [...command, ...(healthcheck?.test ?? [])].filter((word) => word.startsWith('dist/'));
      expect(programs.filter((program) => !existsSync(moduleFile(program.replace(/^dist\/|\.js$/g, ''))))).toEqual([]);
    }
    expect(services.map(([, { image }]) => image.replace(/:.*/, '')).filter((image) => !(image in programOf))).toEqual([]);
  });
});

describe('the commands of docs/operating.md that come before the first start', () => {
  it('make .env and every secret, which containers may read and others on the machine may not', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'throughline-setup-'));
    try {
      await cp(join(repository, 'deploy'), join(directory, 'deploy'), { recursive: true, filter: (source) => !source.endsWith('secrets') });
      const [block = ''] = blocksOf({ text: await read('docs/operating.md'), language: 'bash', part: 'setup' });
      const script = block.split('\n').filter((line) => !line.startsWith('docker ')).join('\n');
      expect(await inBash({ script, env: {}, directory })).toMatchObject({ code: 0, err: '' });
      expect(parseEnv(await readFile(join(directory, '.env'), 'utf8'))).toEqual(example);
      const files = Object.values(compose.secrets).map(({ file }) => file.replace('./deploy/secrets/', ''));
      expect((await readdir(join(directory, 'deploy/secrets'))).sort()).toEqual(files.sort());
      const modeOf = async (path: string): Promise<number> => (await stat(join(directory, 'deploy/secrets', path))).mode & 0o777;
      expect(await modeOf('.')).toBe(0o700);
      for (const file of files) expect({ file, mode: await modeOf(file) }).toEqual({ file, mode: 0o644 });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('the Dockerfile', () => {
  it('builds on one pinned Node 24, and each image ends as a user that is not root', async () => {
    const text = await read('Dockerfile');
    expect(/^ARG NODE_IMAGE=node:24\.\d+\.\d+-bookworm-slim$/m.test(text)).toBe(true);
    const stages = text.split(/^FROM /m).slice(1);
    const names = stages.map((stage) => / AS (\S+)/.exec(stage)?.[1] ?? '');
    for (const stage of stages) expect(['${NODE_IMAGE}', ...names]).toContain(stage.split(' ')[0]);
    const images = stages.filter((stage) => /^CMD /m.test(stage));
    expect(images.map((stage) => [...stage.matchAll(/^USER (\S+)$/gm)].at(-1)?.[1])).toEqual(['node', 'node']);
  });

  it('leaves secrets, histories and tests out of the images', async () => {
    const left = (await read('.dockerignore')).split('\n');
    expect(left).toEqual(expect.arrayContaining(['.env', '.git', '.throughline', 'deploy/secrets', 'node_modules', 'test']));
  });
});

import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCompose } from '../../deploy/compose.ts';
import { repository } from '../../platform/repository.ts';
import { inBash } from '../readme/shell.ts';
import { readText } from '../readme/snippets.ts';

/** What the build stage of the Dockerfile works with, in a directory of its own. */
let context: string;

beforeAll(async () => {
  context = await mkdtemp(join(tmpdir(), 'throughline-image-'));
  const left = new Set((await readText('.dockerignore')).trim().split('\n'));
  await cp(repository, context, { recursive: true, filter: (source) => !left.has(relative(repository, source)) });
  // In the place of npm ci, which the tests of a fresh clone run.
  await symlink(join(repository, 'node_modules'), join(context, 'node_modules'));
});
afterAll(() => rm(context, { recursive: true, force: true }));

describe('the build stage of the Dockerfile', () => {
  it('makes, of what is left after .dockerignore, every program that docker-compose.yml starts', async () => {
    const [, stage = ''] = (await readText('Dockerfile')).split(/^FROM /m);
    const [install, ...commands] = [...stage.matchAll(/^RUN (.*)$/gm)].map(([, command = '']) => command);
    expect(install).toBe('npm ci');
    expect(commands.length).toBeGreaterThan(0);
    for (const script of commands) expect(await inBash({ script, env: {}, directory: context })).toMatchObject({ code: 0 });

    const variables = parseEnv(await readText('deploy/example.env')) as Record<string, string>;
    const { services } = await readCompose({ variables });
    const programs = Object.values(services).flatMap(({ command = [], healthcheck }) => [...command, ...(healthcheck?.test ?? [])].filter((word) => word.startsWith('dist/')));
    expect(programs.length).toBeGreaterThan(4);
    expect(programs.filter((program) => !existsSync(join(context, program)))).toEqual([]);
  });
});

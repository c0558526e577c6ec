import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { repository } from '../../platform/repository.ts';
import { runIn } from '../launch/copy.ts';
import { type FollowedGuide, followGuide, type GuidePage, startGuide } from './guide.ts';
import { adding } from './pages/adding.ts';
import { ai } from './pages/ai.ts';
import { forEach } from './pages/for-each.ts';
import { human } from './pages/human.ts';
import { later } from './pages/later.ts';
import { message } from './pages/message.ts';
import { optional } from './pages/optional.ts';
import { process } from './pages/process.ts';
import { quick } from './pages/quick.ts';
import { race } from './pages/race.ts';
import { robot } from './pages/robot.ts';
import { service } from './pages/service.ts';
import { timer } from './pages/timer.ts';

/** In the order in which somebody would follow them. */
const pages: readonly GuidePage[] = [
  adding,
  service,
  robot,
  ai,
  human,
  timer,
  message,
  process,
  forEach,
  optional,
  later,
  race,
  quick,
];

/** Milliseconds for the compiler, the linter and tests inside of tests, also on a machine that has much else to do. */
const patience = 900_000;

let followed: FollowedGuide;
beforeAll(async () => {
  followed = await followGuide(pages);
});
afterAll(() => followed.remove());

describe('what the pages about adding show', () => {
  it('is all that any page about a kind of step shows', async () => {
    const files = (await readdir(join(repository, 'docs/steps'))).map((file) => `docs/steps/${file}`);
    const showing = await Promise.all(files.map(async (file) => ((await readFile(join(repository, file), 'utf8')).includes('```') ? file : [])));
    expect(showing.flat().sort()).toEqual(pages.map(({ file }) => file).filter((file) => file.startsWith('docs/steps/')).sort());
  });

  it('has the types that the compiler wants, and keeps to lint and boundaries', async () => {
    const { copy, files } = followed;
    await writeFile(join(copy, 'tsconfig.guide.json'), JSON.stringify({ extends: './tsconfig.json', include: [], files }));
    const [types, lint, boundaries] = await Promise.all([runIn(copy, ['types', 'tsconfig.guide.json']), runIn(copy, ['lint', ...files]), runIn(copy, ['boundaries'])]);
    expect({ types, lint }).toEqual({ types: { code: 0, said: '' }, lint: { code: 0, said: '' } });
    expect(boundaries).toMatchObject({ code: 0, said: expect.stringContaining('no dependency violations') });
  }, patience);

  it('passes the tests that come with it', async () => {
    const tests = followed.files.filter((file) => file.endsWith('.test.ts'));
    expect(tests.length).toBeGreaterThan(5);
    expect(await runIn(followed.copy, ['tests', ...tests])).toMatchObject({ code: 0, said: expect.stringMatching(/^\d+ passed, 0 failed, 0 skipped$/m) });
  }, patience);
});

describe('on the running platform', () => {
  let guide: Awaited<ReturnType<typeof startGuide>>;
  beforeAll(async () => {
    guide = await startGuide({ copy: followed.copy, pages });
  });
  afterAll(() => guide.stop());

  describe.each(pages)('$file', ({ tests }) => tests(() => guide));
});

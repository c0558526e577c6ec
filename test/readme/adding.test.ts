import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runIn } from '../launch/copy.ts';
import { type FollowedGuide, followGuide, type GuidePage, startGuide } from './guide.ts';
import { adding } from './pages/adding.ts';
import { ai } from './pages/ai.ts';
import { human } from './pages/human.ts';
import { robot } from './pages/robot.ts';
import { service } from './pages/service.ts';
import { timer } from './pages/timer.ts';

/** In the order in which somebody would follow them. A new page of docs/steps goes here. */
const pages: readonly GuidePage[] = [
  adding,
  service,
  robot,
  ai,
  human,
  timer,
];

let followed: FollowedGuide;
beforeAll(async () => {
  followed = await followGuide(pages);
}, 90_000);
afterAll(() => followed.remove());

describe('what the pages about adding show', () => {
  it('has the types that the compiler wants', async () => {
    await writeFile(join(followed.copy, 'tsconfig.guide.json'), JSON.stringify({ extends: './tsconfig.json', include: [], files: followed.files }));
    expect(await runIn(followed.copy, ['types', 'tsconfig.guide.json'])).toEqual({ code: 0, said: '' });
  }, 120_000);

  it('keeps to lint and boundaries', async () => {
    expect(await runIn(followed.copy, ['lint', ...followed.files])).toEqual({ code: 0, said: '' });
    expect(await runIn(followed.copy, ['boundaries'])).toMatchObject({ code: 0, said: expect.stringContaining('no dependency violations') });
  }, 120_000);

  it('passes the tests that come with it', async () => {
    const tests = followed.files.filter((file) => file.endsWith('.test.ts'));
    expect(tests.length).toBeGreaterThan(5);
    expect(await runIn(followed.copy, ['tests', ...tests])).toMatchObject({ code: 0, said: expect.stringMatching(/^\d+ passed, 0 failed, 0 skipped$/m) });
  }, 300_000);
});

describe('on the running platform', () => {
  let guide: Awaited<ReturnType<typeof startGuide>>;
  beforeAll(async () => {
    guide = await startGuide({ copy: followed.copy, pages });
  }, 120_000);
  afterAll(() => guide.stop(), 60_000);

  describe.each(pages)('$file', ({ tests }) => tests(() => guide));
});

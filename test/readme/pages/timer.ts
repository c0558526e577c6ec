import { expect, it } from '@jest/globals';
import type { GuidePage } from '../guide.ts';

/** Reserves what docs/adding.md has a warehouse for. */
export const timer: GuidePage = {
  file: 'docs/steps/timer.md',
  tests(guide) {
    const start = (from: string) => guide().start('officeReturn', { number: `B-${from}`, article: 'projector', from });
    const states = async (id: string) => (await guide().view(id)).steps.map(({ step, state }) => `${step} ${state}`);

    it('waits until it is lent out, and then for the end of the loan', async () => {
      const [later, now] = [await start('2099-01-01T09:00:00+01:00'), await start('2020-01-01T09:00:00+01:00')];
      await guide().until(now, ({ steps }) => steps.some(({ step, state }) => step === 'lent' && state === 'waiting'));
      expect(await states(now)).toEqual(['untilLent completed', 'reserveArticle completed', 'lent waiting']);
      expect(await states(later)).toEqual(['untilLent waiting', 'reserveArticle notReached', 'lent notReached']);
      await guide().skip(now, 14 * 24 + 1);
      await guide().until(now, ({ status }) => status === 'completed');
    });
  },
};

import { expect, it } from '@jest/globals';
import type { GuidePage } from '../guide.ts';

/** Reserves what docs/adding.md has a warehouse for. */
export const forEach: GuidePage = {
  file: 'docs/steps/for-each.md',
  tests(guide) {
    it('reserves each article, as a visit of its own', async () => {
      const articles = ['desk', 'chair', 'lamp'];
      const id = await guide().start('officeStock', { number: 'S-1', articles });
      const ended = await guide().until(id, ({ status }) => status === 'completed');
      expect(ended.output).toEqual({ reservations: ['R-1', 'R-1', 'R-1'] });
      expect(ended.steps[0]?.visits.map(({ visit, input }) => ({ visit, ...(input as { article: string }) }))).toEqual(articles.map((article, index) => ({ visit: index + 1, article, quantity: 1 })));
    });
  },
};

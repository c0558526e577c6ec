import { expect, it } from '@jest/globals';
import { type StandIn, startStandIn } from '../../stage/stand-in.ts';
import type { GuidePage } from '../guide.ts';

let stockroom: StandIn;

export const quick: GuidePage = {
  file: 'docs/steps/quick.md',
  async start() {
    stockroom = await startStandIn({ 'GET /shelves/{article}': ({ path }) => (path.endsWith('/glue') ? { json: { shelf: 'B 7' } } : { status: 404, json: { code: 'no-such-article', detail: 'never heard of it' } }) });
    return { STOCKROOM_URL: stockroom.url };
  },
  stop: () => stockroom.close(),
  tests(guide) {
    it('finds the shelves, which the view tells like any step', async () => {
      const id = await guide().start('shelfLabels', { number: 'A', articles: ['glue', 'glue'] });
      const { output, steps } = await guide().until(id, ({ status }) => status !== 'running');
      expect(output).toEqual({ labels: ['glue: B 7', 'glue: B 7'] });
      expect(steps).toMatchObject([{ state: 'completed', visits: [{ attempts: 1, input: { article: 'glue' }, output: { shelf: 'B 7' } }, { visit: 2 }] }]);
    });

    it('is rejected where there is no such article', async () => {
      const id = await guide().start('shelfLabels', { number: 'B', articles: ['unicorn'] });
      expect(await guide().until(id, ({ status }) => status !== 'running')).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('never heard of it') } });
    });
  },
};

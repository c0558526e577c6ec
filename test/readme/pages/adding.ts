import { expect, it } from '@jest/globals';
import { type StandIn, startStandIn } from '../../stage/stand-in.ts';
import type { GuidePage } from '../guide.ts';
import { waitFor } from '../shell.ts';
import { blocksOf, readText } from '../snippets.ts';

let warehouse: StandIn;
/** What the warehouse was asked for the order of the page. */
const asked = () => warehouse.asked.filter(({ key }) => key?.startsWith('officeOrder/B-7#')).map(({ path, key, body }) => ({ path, key, body }));

export const adding: GuidePage = {
  file: 'docs/adding.md',
  async start() {
    warehouse = await startStandIn({ 'POST /reservations': { json: { reservationId: 'R-1' } }, 'POST /reservations/release': { json: { undone: true } } });
    return { WAREHOUSE_URL: warehouse.url };
  },
  stop: () => warehouse.close(),
  tests(guide) {
    it('reserves the article; somebody says no, and it is given back', async () => {
      const [order = '', refuse = ''] = blocksOf({ text: await readText(adding.file), language: 'bash', part: 'try' });
      const instance = { url: '$API/instances/officeOrder%2FB-7', token: '$OLGA' };
      const script = [order, waitFor({ ...instance, text: '"name":"finance"' }), refuse, waitFor({ ...instance, text: '"status":"rejected"' })].join('');
      const { code, out, err } = await guide().bash(script);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('"title":"Order something for the office"');
      expect(out).toContain('"decidedBy":"felix"');

      expect(await guide().view('officeOrder/B-7')).toMatchObject({ status: 'rejected', compensations: [{ step: 'reserveArticle', undone: true, title: 'Give the article back' }] });
      expect(asked()).toEqual([
        { path: '/reservations', key: 'officeOrder/B-7#1/reserveArticle', body: { article: 'desk lamp', quantity: 3 } },
        { path: '/reservations/release', key: 'officeOrder/B-7#1/undo:reserveArticle', body: { forwardKey: 'officeOrder/B-7#1/reserveArticle' } },
      ]);
    });
  },
};

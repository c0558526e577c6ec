import { expect, it } from '@jest/globals';
import type { GuidePage } from '../guide.ts';

/** Reserves what docs/adding.md has a warehouse for. */
export const later: GuidePage = {
  file: 'docs/steps/later.md',
  tests(guide) {
    it('reserves van and boxes at once', async () => {
      const id = await guide().start('officeErrand', { number: 'E-1' });
      expect(await guide().until(id, ({ status }) => status === 'completed')).toMatchObject({ output: { reservations: ['R-1', 'R-1'] } });
    });
  },
};

import { expect, it } from '@jest/globals';
import type { GuidePage } from '../guide.ts';

/** Reserves what docs/adding.md has a warehouse for. */
export const optional: GuidePage = {
  file: 'docs/steps/optional.md',
  tests(guide) {
    it('takes the flowers where there are some', async () => {
      const id = await guide().start('officeGift', { guest: 'Frida' });
      expect(await guide().until(id, ({ status }) => status === 'completed')).toMatchObject({ output: { flowers: true } });
    });
  },
};

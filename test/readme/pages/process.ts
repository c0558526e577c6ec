import { expect, it } from '@jest/globals';
import type { GuidePage } from '../guide.ts';

/** Runs the process of docs/adding.md, twice. */
export const process: GuidePage = {
  file: 'docs/steps/process.md',
  tests(guide) {
    it('runs both orders as instances of their own, and undoes what one did when the other is refused', async () => {
      const id = await guide().start('officeMove', { number: 'M-1', people: 2 });
      const [desks, lamps] = ['desks', 'lamps'].map((step) => `officeOrder/${id}/${step}`);
      await guide().until(id, ({ steps }) => steps.every(({ visits }) => visits[0]?.startedAt != null));
      for (const order of [desks, lamps]) await guide().until(order ?? '', ({ tasks }) => tasks.length === 1);
      const decide = (order: string | undefined, decision: object) => guide().as('felix').post(`/tasks/${encodeURIComponent(`${order}/approveOrder`)}/complete`, { decision });
      await decide(desks, { outcome: 'approve' });
      await guide().until(id, ({ steps }) => steps[0]?.state === 'completed');
      await decide(lamps, { outcome: 'reject', reason: 'we have lamps' });
      const ended = await guide().until(id, ({ status }) => status !== 'running');
      expect(ended).toMatchObject({ status: 'rejected', steps: [{ step: 'desks', state: 'completed', visits: [{ instance: desks }] }, { step: 'lamps', state: 'rejected' }], compensations: [{ step: 'desks/reserveArticle', undone: true }] });
      expect(await guide().view(desks ?? '')).toMatchObject({ status: 'completed', parent: { id, step: 'desks', visit: 1 } });
    });
  },
};

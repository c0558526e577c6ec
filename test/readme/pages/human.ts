import { expect, it } from '@jest/globals';
import type { GuidePage } from '../guide.ts';
import { blocksOf, readText } from '../snippets.ts';

export const human: GuidePage = {
  file: 'docs/steps/human.md',
  tests(guide) {
    it('is for its groups without the traveller, and for finance too once it is overdue', async () => {
      const [begin = '', tooEarly = '', later = ''] = blocksOf({ text: await readText(human.file), language: 'bash', part: 'try' });
      const id = 'journey/J-1';
      expect(await guide().bash(begin)).toMatchObject({ code: 0, err: '' });
      const { tasks } = await guide().until(id, (view) => view.tasks.length > 0);
      const [{ openedAt = '', dueAt = '' } = {}] = tasks;
      expect(Date.parse(dueAt ?? '') - Date.parse(openedAt)).toBe(2 * 86_400_000);

      const early = await guide().bash(tooEarly);
      expect(early.out).toContain('"candidateGroups":["accounts-payable"]');
      expect(early.out).toContain('"minLength":3');
      expect(early.out).toContain('petra may not do task');
      expect(early.out).toContain('is for the group accounts-payable; felix is in finance');
      expect(early.out.match(/"status":403/g)).toHaveLength(2);

      await guide().skip(id, 49);
      await guide().until(id, (view) => view.tasks.some(({ escalated }) => escalated));
      const decided = await guide().bash(later);
      expect(decided.out).toContain('"assignee":"felix"');
      expect(decided.out).toContain('"decidedBy":"felix"');
      expect(await guide().until(id, ({ status }) => status !== 'running')).toMatchObject({ status: 'completed', output: { limit: 900, signedOffBy: 'felix' } });
    });
  },
};

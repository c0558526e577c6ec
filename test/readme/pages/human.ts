import { expect, it } from '@jest/globals';
import type { GuidePage } from '../guide.ts';
import { blocksOf, readText } from '../snippets.ts';

export const human: GuidePage = {
  file: 'docs/steps/human.md',
  tests(guide) {
    const lines = async () => blocksOf({ text: await readText(human.file), language: 'bash', part: 'try' });
    const untilOpen = (id: string) => guide().until(id, ({ tasks }) => tasks.length > 0);

    it('is for its groups, but not for the traveller', async () => {
      const [begin = '', refused = '', another = '', decide = ''] = await lines();
      expect(await guide().bash(begin)).toMatchObject({ code: 0, err: '' });
      await untilOpen('journey/J-1');
      const { out } = await guide().bash(refused);
      expect(out).toContain('"candidateGroups":["accounts-payable"]');
      expect(out).toContain('"minLength":3');
      expect(out).toContain('petra may not do task');
      expect(out).toContain('is for the group accounts-payable; felix is in finance');
      expect(out.match(/"status":403/g)).toHaveLength(2);

      expect(await guide().bash(another)).toMatchObject({ code: 0, err: '' });
      await untilOpen('journey/J-2');
      expect((await guide().bash(decide)).out).toContain('"assignee":"petra"');
      expect(await guide().until('journey/J-2', ({ status }) => status !== 'running')).toMatchObject({ status: 'completed', output: { limit: 600, signedOffBy: 'petra' } });
    });

    it('is for others too once it is overdue', async () => {
      const id = 'journey/J-1';
      const [{ openedAt = '', dueAt = '' } = {}] = (await untilOpen(id)).tasks;
      expect(Date.parse(dueAt ?? '') - Date.parse(openedAt)).toBe(2 * 86_400_000);
      await guide().skip(id, 49);
      await guide().until(id, ({ tasks }) => tasks.some(({ escalated }) => escalated));
      const [, , , , look = ''] = await lines();
      expect((await guide().bash(look)).out).toContain('"candidateGroups":["accounts-payable","finance"]');
      // By signal: what the API sends is valid for seconds, and this instance's clock is two days ahead of the API's.
      await guide().signal(id, { name: 'decide', input: { task: 'signOff', actor: { user: 'felix', groups: ['finance'] }, decision: { outcome: 'approve', limit: 900 } } });
      expect(await guide().until(id, ({ status }) => status !== 'running')).toMatchObject({ status: 'completed', output: { limit: 900, signedOffBy: 'felix' } });
    });
  },
};

import { expect, it } from '@jest/globals';
import type { GuidePage } from '../guide.ts';
import { blocksOf, readText } from '../snippets.ts';

/** Reserves what docs/adding.md has a warehouse for. */
export const message: GuidePage = {
  file: 'docs/steps/message.md',
  tests(guide) {
    it('brings what the carrier says to the step that waits for it', async () => {
      const { code, err, out } = await guide().bash(blocksOf({ text: await readText(message.file), language: 'bash', part: 'message' }).join(''));
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('"id":"event-77"');
      expect(await guide().until('officeDelivery/D-1', ({ status }) => status === 'completed')).toMatchObject({ output: { status: 'delivered', signedBy: 'Frida' } });
    });

    it('goes on as agreed when nothing comes in time', async () => {
      const id = await guide().start('officeDelivery', { number: 'D-2', article: 'chair' });
      await guide().until(id, ({ waitingFor }) => waitingFor.some(({ kind }) => kind === 'message'));
      await guide().skip(id, 10 * 24 + 1);
      expect(await guide().until(id, ({ status }) => status !== 'running')).toMatchObject({ status: 'rejected', compensations: [{ step: 'reserveArticle', undone: true }] });
    });
  },
};

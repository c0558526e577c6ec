import { expect, it } from '@jest/globals';
import type { GuidePage } from '../guide.ts';

const inADay = (): string => new Date(Date.now() + 86_400_000).toISOString();

/** Reserves what docs/adding.md has a warehouse for. */
export const race: GuidePage = {
  file: 'docs/steps/race.md',
  tests(guide) {
    const lend = async (number: string): Promise<string> => {
      const id = await guide().start('officeLoan', { number, article: 'beamer', until: inADay() });
      await guide().until(id, ({ waitingFor }) => waitingFor.length === 2);
      return id;
    };

    it('goes on with the message when that comes first', async () => {
      const id = await lend('L-1');
      await guide().as('olga').post(`/instances/${encodeURIComponent(id)}/messages/broughtBack`, { id: 'back', payload: { by: 'Frida' } });
      expect(await guide().until(id, ({ status }) => status === 'completed')).toMatchObject({ output: { broughtBackBy: 'Frida' }, waitingFor: [] });
    });

    it('goes on with the time when that is over first', async () => {
      const id = await lend('L-2');
      await guide().skip(id, 25);
      expect(await guide().until(id, ({ status }) => status !== 'running')).toMatchObject({ status: 'rejected', failure: { message: expect.stringContaining('not brought back') }, compensations: [{ step: 'reserveArticle', undone: true }] });
    });
  },
};

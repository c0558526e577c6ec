import { expect, it } from '@jest/globals';
import { startModelStandIn } from '../../stage/model-stand-in.ts';
import type { GuidePage } from '../guide.ts';

let model: Awaited<ReturnType<typeof startModelStandIn>>;

export const ai: GuidePage = {
  file: 'docs/steps/ai.md',
  async start() {
    model = await startModelStandIn();
    return { HELPDESK_MODEL_URL: model.url, HELPDESK_MODEL: 'stand-in' };
  },
  stop: () => model.close(),
  tests(guide) {
    const text = 'the invoice is wrong';

    it('believes the model where the message bears it out', async () => {
      model.says({ topic: 'invoice', quote: 'The invoice is wrong' });
      const id = await guide().start('customerMessage', { number: 'A', text });
      const { output, steps } = await guide().until(id, ({ status }) => status !== 'running');
      expect(output).toEqual({ topic: 'invoice', by: 'model' });
      expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual(['sortMessage completed', 'sortByHand notReached']);
    });

    it('asks a person where it does not', async () => {
      model.says({ topic: 'delivery', quote: 'the parcel is late' });
      const id = await guide().start('customerMessage', { number: 'B', text });
      await guide().until(id, ({ tasks }) => tasks.length > 0);
      const task = `/tasks/${encodeURIComponent(`${id}/sortByHand`)}`;
      expect(await guide().as('felix').get(task)).toMatchObject({ shown: { text, proposed: 'delivery', evidence: ['what is quoted does not stand in the message'] } });
      await guide().as('felix').post(`${task}/complete`, { decision: { outcome: 'sort', topic: 'invoice' } });
      expect((await guide().until(id, ({ status }) => status !== 'running')).output).toEqual({ topic: 'invoice', by: 'felix' });
    });
  },
};

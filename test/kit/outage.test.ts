import { expect, it } from '@jest/globals';
import { watch as operation } from '../../contracts/processes/operations/watch.ts';
import { watch } from '../../contracts/watch.ts';
import { debt } from './contracts.ts';
import { inBothModes } from './modes.ts';

const group = 'bank/Unavailable';
const count = 30;

inBothModes('an outage of a system with a probe', (kit) => {
  it('holds up many as one group, and lets them go one after the other once the system answers', async () => {
    kit().world.bank.down();
    const instances = await Promise.all(Array.from({ length: count }, (_, nth) => kit().start(debt, { item: `x${nth}` })));
    for (const instance of instances) await instance.until(({ incidents }) => incidents.length === 1);
    const watching = kit().follow(operation, watch.id(group));
    expect(await watching.until(({ steps }) => steps[0]?.state === 'retrying')).toMatchObject({ status: 'running', startedBy: 'throughline', input: { group, probe: 'bank.answers', perSecond: 10 }, incidents: [] });
    for (const instance of instances) expect((await instance.view()).steps[0]?.state).toBe('incident');

    kit().world.bank.up();
    const ended = await Promise.all(instances.map((instance) => instance.ended()));
    for (const view of ended) {
      expect(view).toMatchObject({ status: 'completed', incidents: [{ resolution: { verb: 'retry', by: 'throughline', comment: 'the system answers again' } }] });
      // Whoever watches is no step of it.
      expect(view.story.map(({ text }) => text).join('\n')).not.toContain('Sub-process');
    }
    const moments = ended.map(({ incidents }) => Date.parse(incidents[0]?.resolution?.at ?? '')).sort((a, b) => a - b);
    expect((moments.at(-1) ?? 0) - (moments[0] ?? 0)).toBeGreaterThan(((count - 1) / 10) * 900);
    expect(await watching.ended()).toMatchObject({ status: 'completed', output: { released: count } });
  });

  it('asks for all that wait by its probe alone, though each would be tried on', async () => {
    kit().world.bank.down();
    const instances = await Promise.all(['x1', 'x2'].map((item) => kit().start(debt, { item, triedOn: true })));
    for (const instance of instances) await instance.until(({ incidents }) => incidents.length === 1);
    const watching = kit().follow(operation, watch.id(group));
    const asked = instances.map(({ id }) => asksOf(id));
    const { attempts = 0 } = (await watching.until(({ steps }) => steps[0]?.state === 'retrying')).steps[0]?.visits[0] ?? {};
    // Longer than the attempts were apart.
    await watching.until(({ steps }) => (steps[0]?.visits[0]?.attempts ?? 0) >= attempts + 2);
    expect(instances.map(({ id }) => asksOf(id))).toEqual(asked);
    for (const instance of instances) expect(await instance.view()).toMatchObject({ steps: [{}, { state: 'incident', visits: [{ attempts: 3 }] }], incidents: [{ failure: { type: 'Unavailable' }, resolution: null }] });

    kit().world.bank.up();
    for (const instance of instances) {
      expect(await instance.ended()).toMatchObject({ status: 'completed', incidents: [{ resolution: { verb: 'retry', by: 'throughline' } }], steps: [{}, { visits: [{ attempts: 4 }] }] });
    }
    await watching.ended();
  });

  it('leaves nobody behind when whoever asks ends too early', async () => {
    kit().world.bank.down();
    const instances = await Promise.all(['x1', 'x2'].map((item) => kit().start(debt, { item })));
    for (const instance of instances) await instance.until(({ incidents }) => incidents.length === 1);
    const watching = kit().follow(operation, watch.id(group));
    await watching.until(({ steps }) => steps[0]?.state === 'retrying');
    await watching.handle.terminate('not by the book');
    kit().world.bank.up();
    for (const instance of instances) expect(await instance.ended()).toMatchObject({ status: 'completed', incidents: [{ resolution: { verb: 'retry', by: 'throughline' } }] });
    await watching.ended();
  });

  const asksOf = (id: string): number => kit().world.bank.asks.filter((one) => one === id).length;
});

import { proxyActivities } from '@temporalio/workflow';

interface Note {
  value: number;
  note: string;
}

const { 'bench.addOneByHand': addOne } = proxyActivities<{ 'bench.addOneByHand': (input: Note) => Promise<Note> }>({
  taskQueue: 'services',
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** The same on the bare SDK, as anybody would write it by hand. */
export async function chainByHand(input: Note): Promise<Note> {
  const a = await addOne(input);
  const b = await addOne(a);
  const c = await addOne(b);
  const d = await addOne(c);
  return addOne(d);
}

import { proxyActivities } from '@temporalio/workflow';

interface Count {
  value: number;
  steps: number;
}

const { 'bench.addOneByHand': addOne } = proxyActivities<{ 'bench.addOneByHand': (input: Count) => Promise<Count> }>({ taskQueue: 'services', startToCloseTimeout: '5 seconds', scheduleToCloseTimeout: '1 minute' });

/** The same with the bare SDK's ordinary activities. */
export async function countByHand(input: Count): Promise<Count> {
  let now = input;
  for (let step = 0; step < input.steps; step++) now = await addOne(now);
  return now;
}

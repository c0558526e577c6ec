import { ActivityFailure, condition, defineQuery, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';

interface Machine {
  machine: string;
}

const { 'bench.startMachineByHand': startMachine } = proxyActivities<{ 'bench.startMachineByHand': (input: Machine) => Promise<Machine> }>({
  taskQueue: 'services',
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
});

/** The same on the bare SDK: what fails waits for an update, and is tried again. */
export async function repairByHand(input: Machine): Promise<Machine> {
  let waits = false;
  setHandler(defineQuery('waits'), () => waits);
  setHandler(defineUpdate('retry'), () => void (waits = false));
  for (;;) {
    try {
      return await startMachine(input);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      waits = true;
      await condition(() => !waits);
    }
  }
}

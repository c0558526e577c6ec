import type { Call } from '../../activities/implement.ts';

/** Where calls are held until a test lets them go on. */
export function createDoorway() {
  const standing = new Map<string, { readonly step: string; readonly go: () => void }[]>();
  const watching = new Map<string, { readonly count: number; readonly tell: () => void }[]>();

  const arrive = ({ instanceId, step }: Call): Promise<void> =>
    new Promise((go) => {
      const here = [...(standing.get(instanceId) ?? []), { step, go }];
      standing.set(instanceId, here);
      for (const { count, tell } of watching.get(instanceId) ?? []) if (count <= here.length) tell();
    });

  const whileBeating = async ({ heartbeat }: Call, waiting: Promise<void>): Promise<void> => {
    const beat = setInterval(heartbeat, 100);
    try {
      await waiting;
    } finally {
      clearInterval(beat);
    }
  };

  return {
    /** Holds a call until it is released; a cancelled one fails with its cancellation. */
    wait: (call: Call): Promise<void> => whileBeating(call, Promise.race([arrive(call), aborted(call.signal)])),
    /** Holds a call until it is released, cancelled or not. */
    waitStubbornly: (call: Call): Promise<void> => whileBeating(call, arrive(call)),
    /** Settles when so many calls of the instance stand here. */
    reached: (instanceId: string, count = 1): Promise<void> =>
      new Promise((tell) => {
        if ((standing.get(instanceId)?.length ?? 0) >= count) tell();
        else watching.set(instanceId, [...(watching.get(instanceId) ?? []), { count, tell }]);
      }),
    /** Lets the calls of a step go on, or all that stand here. */
    release(instanceId: string, step?: string): void {
      const here = standing.get(instanceId) ?? [];
      standing.set(
        instanceId,
        here.filter((call) => step !== undefined && call.step !== step),
      );
      for (const call of here) if (step === undefined || call.step === step) call.go();
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

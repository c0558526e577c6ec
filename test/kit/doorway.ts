import type { Call } from '../../activities/implement.ts';

interface Standing {
  readonly step: string;
  readonly go: () => void;
}

/** Where calls are held until a test lets them go on. */
export function createDoorway() {
  const standing = new Map<string, readonly Standing[]>();
  const watching = new Map<string, readonly { readonly count: number; readonly tell: () => void }[]>();
  const here = (instanceId: string): readonly Standing[] => standing.get(instanceId) ?? [];

  const hold = async ({ instanceId, step, heartbeat }: Call, giveUp: Promise<never> | undefined): Promise<void> => {
    const beat = setInterval(heartbeat, 100);
    let self: Standing | undefined;
    const released = new Promise<void>((go) => (self = { step, go }));
    if (self) standing.set(instanceId, [...here(instanceId), self]);
    for (const { count, tell } of watching.get(instanceId) ?? []) if (count <= here(instanceId).length) tell();
    try {
      await (giveUp ? Promise.race([released, giveUp]) : released);
    } finally {
      clearInterval(beat);
      standing.set(
        instanceId,
        here(instanceId).filter((one) => one !== self),
      );
    }
  };

  return {
    /** Holds a call until it is released; a cancelled one fails with its cancellation. */
    wait: (call: Call): Promise<void> => hold(call, aborted(call.signal)),
    /** Holds a call until it is released, cancelled or not. */
    waitStubbornly: (call: Call): Promise<void> => hold(call, undefined),
    /** Settles when so many calls of the instance stand here. */
    reached: (instanceId: string, count = 1): Promise<void> =>
      new Promise((tell) => {
        if (here(instanceId).length >= count) tell();
        else watching.set(instanceId, [...(watching.get(instanceId) ?? []), { count, tell }]);
      }),
    /** Lets the calls of a step go on, or all that stand here. */
    release(instanceId: string, step?: string): void {
      for (const call of here(instanceId)) if (step === undefined || call.step === step) call.go();
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

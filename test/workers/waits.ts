import { condition, continueAsNew, defineSignal, executeChild, setHandler, sleep } from '@temporalio/workflow';

export type Then = 'end' | 'child' | 'again';

/** Waits until it is told to go on, and says when its code was made: by itself, by a sub-process, or after it continued as new. */
export async function waits(then: Then): Promise<string> {
  let told = false;
  setHandler(defineSignal('go'), () => void (told = true));
  await condition(() => told);
  if (then === 'child') return executeChild(says);
  if (then === 'again') return continueAsNew<typeof waits>('end');
  return says();
}

export async function says(): Promise<string> {
  await sleep(1);
  return 'made yesterday';
}

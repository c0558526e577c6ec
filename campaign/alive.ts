import type { Platform } from '../launch/platform.ts';

interface Work<T> {
  readonly work: Promise<T>;
  readonly platform: Pick<Platform, 'broken'>;
  /** What goes on beside it, such as killing, and must not fail. */
  readonly beside?: Promise<unknown>;
}

/** What the work comes to; fails as soon as the platform broke or what goes on beside the work failed, which would leave it waiting. */
export function whileAlive<T>({ work, platform, beside = Promise.resolve() }: Work<T>): Promise<T> {
  const failure = async (from: Promise<unknown>): Promise<never> => {
    await from;
    return new Promise<never>(() => undefined);
  };
  const broken = platform.broken.then((sentence): never => {
    throw new Error(sentence);
  });
  return Promise.race([work, broken, failure(beside)]);
}

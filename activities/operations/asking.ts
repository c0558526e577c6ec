import { unavailable } from '../../contracts/failures.ts';
import { detailsOf, isPassing } from '../../engine/grpc.ts';

/** A question to Temporal. @throws Unavailable while it cannot be asked */
export async function asking<R>(question: () => Promise<R>): Promise<R> {
  try {
    return await question();
  } catch (error) {
    throw unlessPassing(error);
  }
}

/** The error itself, unless it says that Temporal cannot be asked at the moment. */
export const unlessPassing = (error: unknown): unknown => (isPassing(error) ? unavailable(`Temporal cannot be asked at the moment: ${detailsOf(error)}`) : error);

import { isGrpcServiceError } from '@temporalio/client';

/** The refusals of Temporal that mean something to the API. */
const codes = { cancelled: 1, invalidArgument: 3, deadlineExceeded: 4, notFound: 5, alreadyExists: 6, resourceExhausted: 8, failedPrecondition: 9, aborted: 10, unavailable: 14 } as const;
type Code = keyof typeof codes;

/** Whether an error is Temporal's answer with one of these codes. */
export function isCode(error: unknown, ...wanted: readonly Code[]): boolean {
  return isGrpcServiceError(error) && wanted.some((code) => error.code === codes[code]);
}

/** Whether Temporal could not be asked now, and may be later. */
export const isPassing = (error: unknown): boolean => isCode(error, 'cancelled', 'deadlineExceeded', 'resourceExhausted', 'aborted', 'unavailable');

/** What Temporal itself says of an error. */
export const detailsOf = (error: unknown): string => (isGrpcServiceError(error) ? error.details : String(error));

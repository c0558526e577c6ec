import { unavailable } from '../../contracts/failures.ts';

/** Refuses a verb whose sender has stopped waiting and was told that nothing was recorded. */
export function inTime(validUntil: string | undefined): void {
  if (validUntil !== undefined && Date.now() > Date.parse(validUntil)) {
    throw unavailable(`this came after ${validUntil}, when its sender had stopped waiting; nothing was recorded. Send it again.`);
  }
}

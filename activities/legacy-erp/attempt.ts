import { ApplicationFailure } from '@temporalio/common';
import { atSite } from '../browser/attempt.ts';
import type { Call } from '../implement.ts';
import { readAccess } from './access.ts';
import { keepFailure, startTrace, stopTrace } from './evidence.ts';
import { signIn } from './pages/sign-in.ts';
import { createScreen, isSessionEnd } from './screen.ts';
import type { Screen } from './screen.ts';

/**
 * One attempt at the ERP: signs in, and does the work. When the session ends in the middle, it signs in again once and does the work from its
 * beginning; work therefore looks first what is done already.
 *
 * @throws what the work throws, with evidence; what made the call's signal abort, at once
 */
export async function atErp<T>(call: Call, work: (screen: Screen) => Promise<T>): Promise<T> {
  const access = readAccess();
  return atSite(call, {
    url: access.url,
    site: 'the legacy ERP',
    async work(page) {
      const screen = createScreen({ page, access, call });
      const begin = async () => {
        await stopTrace(page.context());
        await signIn(screen, access);
        await startTrace(page.context());
        return work(screen);
      };
      return begin().catch((error: unknown) => {
        if (!(error instanceof ApplicationFailure) || !isSessionEnd(error)) throw error;
        call.log.info('the session at the legacy ERP ended; signing in again');
        return begin();
      });
    },
    keepFailure: ({ page, failure }) => keepFailure({ page, access, call, failure }),
    beforeClose: stopTrace,
  });
}

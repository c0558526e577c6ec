import type { ApplicationFailure } from '@temporalio/common';
import type { Page, Request, Response } from 'playwright-core';
import { rejected, unavailable, unexpected } from '../../contracts/failures.ts';
import type { Call } from '../implement.ts';
import type { Access } from './access.ts';
import { squeezed } from './entry.ts';

/** The pages that the robot must know beyond their own object: they can come where another was asked for, or lead to all others. */
export const titles = { signIn: 'Sign in', menu: 'Main menu' } as const;

export interface Turn {
  /** The title of the page that must come. */
  readonly to: string;
  /** Does what makes the ERP answer with a page. */
  readonly by: () => Promise<unknown>;
  /** What it means when the ERP answers with an error text instead; default: the business says no. */
  readonly refusal?: (message: string) => ApplicationFailure;
}

/** The ERP as the robot sees it: one page after the other. */
export interface Screen {
  readonly page: Page;
  /**
   * Goes on to the next page.
   *
   * @throws rejected (or `refusal`) in the ERP's own words; unavailable when the ERP does not answer, is out of order or has ended the session: what the
   * turn was to do may have been done; unexpected when another page came
   */
  turn(turn: Turn): Promise<void>;
}

export function createScreen({ page, access, call }: { page: Page; access: Access; call: Call }): Screen {
  return {
    page,
    async turn({ to, by, refusal = rejected }) {
      call.heartbeat({ page: to });
      const status = await arrive({ page, by, to, within: access.pageTimeout });
      call.heartbeat({ page: to });
      if (new URL(page.url()).origin !== access.url.origin) throw unexpected(`the legacy ERP sent the robot to ${page.url()}, which is not LEGACY_ERP_URL. Nothing was typed there.`);
      const [headings, alerts] = await Promise.all([page.getByRole('heading', { level: 1 }).allInnerTexts(), page.getByRole('alert').allInnerTexts()]);
      const [title = ''] = headings;
      const [said] = alerts.map(squeezed);
      const facts = { status, page: title };
      if (status >= 500 || status === 429) throw unavailable(`the legacy ERP answered "${title}" (${status}) instead of the page "${to}"`, { facts });
      if (title === to) return;
      if (title === titles.signIn && to !== titles.menu) throw unavailable(`the legacy ERP ended the session before the page "${to}"`, { facts: { ...facts, sessionEnded: true } });
      if (status < 400 && said !== undefined) throw refusal(`the legacy ERP: ${said}`);
      throw unexpected(
        `the legacy ERP shows the page "${title}"${said === undefined ? '' : ` (${said})`} where the robot expects "${to}". See the evidence; if the ERP's pages have changed, the robot must learn them.`,
        { facts },
      );
    },
  };
}

/** Whether it was the end of the session that made a turn fail: nothing more than signing in again is needed. */
export const isSessionEnd = ({ details }: ApplicationFailure): boolean => {
  const [detail] = (details ?? []) as readonly { readonly facts?: { readonly sessionEnded?: unknown } }[];
  return detail?.facts?.sessionEnded === true;
};

/** Waits for the answer and its page, and gives the HTTP status. The old page's content must not be taken for the new one's. */
async function arrive({ page, by, to, within }: { page: Page; by: Turn['by']; to: string; within: number }): Promise<number> {
  const isPage = (request: Request) => request.isNavigationRequest() && request.frame() === page.mainFrame();
  const lost = (how: string) => unavailable(`the legacy ERP ${how} when asked for the page "${to}". Whether it did what was asked is unknown; the next attempt looks first.`);
  const listening = new AbortController();
  const arrival = new Promise<number>((resolve, reject) => {
    let status: number | undefined;
    const onResponse = (response: Response) => {
      const isRedirect = response.status() >= 300 && response.status() < 400;
      if (isPage(response.request()) && !isRedirect) status = response.status();
    };
    const onLoaded = () => {
      if (status !== undefined) resolve(status);
    };
    const onFailed = (request: Request) => {
      if (isPage(request)) reject(lost(`broke off (${request.failure()?.errorText ?? 'no reason given'})`));
    };
    const deadline = setTimeout(() => reject(lost(`did not answer within ${within / 1000} s`)), within);
    page.on('response', onResponse).on('domcontentloaded', onLoaded).on('requestfailed', onFailed);
    listening.signal.addEventListener('abort', () => {
      clearTimeout(deadline);
      page.off('response', onResponse).off('domcontentloaded', onLoaded).off('requestfailed', onFailed);
    });
  });
  try {
    const acting = by().then(
      () => arrival,
      // A failed request fails the action too; which of the two is told first is chance, and the request says more.
      (error: unknown) => (String(error).includes('net::ERR_') ? arrival : Promise.reject(error)),
    );
    return await Promise.race([arrival, acting]);
  } finally {
    listening.abort();
  }
}

import { unexpected } from '../../contracts/failures.ts';

export interface Access {
  readonly url: URL;
  readonly user: string;
  readonly password: string;
  /** How long the ERP may take to answer with a page, in milliseconds; must stay below the contract's heartbeat timeout. */
  readonly pageTimeout: number;
}

/**
 * Where the ERP is and who the robot is there: `LEGACY_ERP_URL`, `LEGACY_ERP_USER` and `LEGACY_ERP_PASSWORD`, and, for an ERP slower than 20 s a
 * page, `LEGACY_ERP_PAGE_TIMEOUT` in milliseconds.
 *
 * @throws unexpected that names what is missing or wrong
 */
export function readAccess(): Access {
  const { LEGACY_ERP_PAGE_TIMEOUT = '20000' } = process.env;
  const text = required('LEGACY_ERP_URL');
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw unexpected(`LEGACY_ERP_URL is "${text}", which is no http address. Correct it and restart the worker.`);
  const pageTimeout = Number(LEGACY_ERP_PAGE_TIMEOUT);
  if (!(pageTimeout >= 100 && pageTimeout <= 25_000)) {
    throw unexpected(`LEGACY_ERP_PAGE_TIMEOUT is "${LEGACY_ERP_PAGE_TIMEOUT}"; it must be between 100 and 25000 milliseconds.`);
  }
  return { url, user: required('LEGACY_ERP_USER'), password: required('LEGACY_ERP_PASSWORD'), pageTimeout };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw unexpected(`${name} is not set in the environment of the worker, so the robot cannot work in the legacy ERP. Set it and restart the worker.`);
  return value;
}

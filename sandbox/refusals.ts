/** Everything a service of the sandbox may answer but the thing asked for: the code, its HTTP status and its title. */
export const refusals = {
  invalid: { status: 400, title: 'The request is not valid' },
  'key-missing': { status: 400, title: 'The header Idempotency-Key is missing' },
  'key-reused': { status: 422, title: 'The idempotency key was used for another request' },
  revoked: { status: 409, title: 'The idempotency key was revoked' },
  'already-claimed': { status: 409, title: 'The invoice number is claimed already' },
  'over-budget': { status: 409, title: 'The budget does not suffice' },
  'unknown-cost-centre': { status: 404, title: 'There is no such cost centre' },
  'no-rate': { status: 422, title: 'There is no booking rate for the currency' },
  'invalid-iban': { status: 422, title: 'The IBAN is not valid' },
  'unknown-vendor': { status: 404, title: 'There is no such vendor' },
  'unknown-order': { status: 404, title: 'There is no such purchase order' },
  'unknown-department': { status: 404, title: 'There is no such department' },
  'unknown-account': { status: 404, title: 'There is no such account' },
  'account-exists': { status: 409, title: 'The person has an account already' },
  'unknown-bundle': { status: 404, title: 'There is no such bundle of equipment' },
  'unknown-site': { status: 404, title: 'There is no such site' },
  'no-desk': { status: 409, title: 'No desk is free' },
  'unknown-envelope': { status: 404, title: 'There is no such envelope' },
  'envelope-closed': { status: 409, title: 'The envelope cannot be signed any more' },
  'unknown-message': { status: 404, title: 'There is no such message' },
} as const;

export type RefusalCode = keyof typeof refusals;

/** The body of a refusal: a problem after RFC 9457. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  /** What exactly, in words for a person. */
  readonly detail: string;
  /** For `invalid`: the fields and what is wrong with them. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

const mark = Symbol('refusal');

/** What a handler throws to refuse. */
export interface Refusal extends Error {
  readonly [mark]: true;
  readonly code: RefusalCode;
  readonly errors?: Problem['errors'];
}

export function refusal(code: RefusalCode, { detail, errors }: { detail: string; errors?: Problem['errors'] }): Refusal {
  return Object.assign(new Error(detail), { [mark]: true as const, code, ...(errors ? { errors } : {}) });
}

export const isRefusal = (error: unknown): error is Refusal => error instanceof Error && mark in error;

export function problemOf({ code, message, errors }: Refusal): Problem {
  return { type: 'about:blank', title: refusals[code].title, status: refusals[code].status, code, detail: message, ...(errors ? { errors } : {}) };
}

import { z } from 'zod';

/** What every error is answered with (RFC 9457), as `application/problem+json`. */
export const Problem = z
  .object({
    type: z.string().describe('Tells one kind of problem from another: `urn:throughline:problem:<kind>`.'),
    title: z.string().describe('The kind in words; the same for every problem of this type.'),
    status: z.int(),
    detail: z.string().describe('What is wrong here, and what to do about it.'),
    errors: z
      .array(z.object({ path: z.string().describe('Where, with dots: `input.document.sha256`.'), message: z.string() }))
      .optional()
      .describe('What is wrong with which field.'),
  })
  .meta({ title: 'Problem' });
export type Problem = z.infer<typeof Problem>;

export const problemMediaType = 'application/problem+json';

/** The kinds of problems: their name in `type`, their HTTP status and their title. */
export const problemKinds = {
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  unauthenticated: { status: 401, title: 'The caller is not known' },
  'not-permitted': { status: 403, title: 'The caller may not do this' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'This cannot be done with it' },
  'too-slow': { status: 408, title: 'The request took too long to come' },
  conflict: { status: 409, title: 'The state does not allow this' },
  rejected: { status: 409, title: 'The business said no' },
  'task-expired': { status: 409, title: 'Nobody decided in time' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'This kind of content is not taken here' },
  'invalid-input': { status: 422, title: 'The input is not acceptable' },
  'head-too-large': { status: 431, title: 'The head of the request is too large' },
  unexpected: { status: 500, title: 'Something nobody foresaw happened' },
  unavailable: { status: 503, title: 'Not possible at the moment' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemKind = keyof typeof problemKinds;

/** A refusal that only HTTP knows, and that no failure of the catalogue stands for. */
export interface Refusal extends Error {
  readonly problem: Problem;
}

interface ProblemSpec {
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly errors?: Problem['errors'];
}

export function problemOfKind({ kind, detail, errors }: ProblemSpec): Problem {
  const { status, title } = problemKinds[kind];
  return { type: `urn:throughline:problem:${kind}`, title, status, detail, ...(errors === undefined || errors.length === 0 ? {} : { errors }) };
}

/** An error to throw that is answered with this problem. */
export function refusal(spec: ProblemSpec): Refusal {
  return Object.assign(new Error(spec.detail), { problem: problemOfKind(spec) });
}

export const isRefusal = (error: unknown): error is Refusal => error instanceof Error && 'problem' in error;

import type { z } from 'zod';
import type { FailureDetail } from '../failures.ts';

type Issues = NonNullable<FailureDetail['issues']>;

/** A value may be wrong in a thousand places and under names of any length; what is told of it goes into histories and memos. */
const [mostIssues, longestWord] = [20, 300];

/** A schema's complaints as the catalogue of failures carries them, the first ones only. */
export function issuesOf(error: z.ZodError): Issues {
  return error.issues.slice(0, mostIssues).map(({ path, message }) => ({ path: brief(path.join('.')), message: brief(message) }));
}

/** The same in a sentence; an issue of the whole value has no path. */
export const sentenceOf = (issues: Issues): string => issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');

/** A text of at most some hundred characters. */
export const brief = (text: string, longest = longestWord): string => (text.length <= longest ? text : `${text.slice(0, longest)}…`);

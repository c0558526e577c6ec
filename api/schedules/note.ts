/** What Temporal's note says of a schedule made here. Who wrote it stands in it, since Temporal keeps one note and no author. */
export const noteOf = ({ done, by, reason }: { done: 'paused' | 'resumed'; by: string; reason: string }): string => `${done} by ${by}: ${reason}`;

/** Another program's note has no author that could be vouched for. */
export function noteIn(text: string): { readonly by: string | null; readonly reason: string } | null {
  if (text === '') return null;
  const [, by = null, reason = text] = /^(?:paused|resumed) by ([A-Za-z0-9][A-Za-z0-9._@-]{0,99}): ([^]*)$/.exec(text) ?? [];
  return { by, reason };
}

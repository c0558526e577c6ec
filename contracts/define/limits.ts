/**
 * The largest input or output of a step and of an instance, in bytes of JSON. Temporal's own limit is 2 MB, and going over it fails no
 * workflow: its task fails and is tried again for ever. So it is refused earlier, where it arises.
 */
export const payloadLimit = 1_000_000;

/** A compensation is given a step's input and output together; what was let in must also find its way back. Still below Temporal's 2 MB. */
export const compensatedLimit = 2 * payloadLimit + 10_000;

/** What the attempt of a quick step may leave in the history, in bytes of JSON, input and output together; above, the step is asked as an ordinary one. */
export const quickLimit = 40_000;
/** Quick steps in a row: all of them are told in one message to Temporal, which takes 4 MB; then one is asked as an ordinary step. */
export const quickInARow = 50;

/** Above this many bytes of JSON, what a task shows lies in the document store instead of the memo. */
export const shownLimit = 8_000;

/** Length in bytes of a text's UTF-8 form. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    // Both halves of a surrogate pair count two of the pair's four bytes.
    length += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return length;
}

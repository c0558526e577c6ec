import { z } from 'zod';

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A document in the content-addressed store. Documents travel by reference: the bytes never enter a history. */
export const DocumentRef = z.strictObject({
  sha256: Sha256,
  mediaType: z.string().min(1).max(100),
  /** bytes */
  size: z.int().min(1),
});
export type DocumentRef = z.infer<typeof DocumentRef>;

/** A file that shows what happened in a step: a screenshot, a trace, a response. */
export const Evidence = z.strictObject({
  /** Unique within the instance, for example `enterInLegacyErp-2-failure.png`. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/),
  title: z.string().max(200),
  document: DocumentRef,
});
export type Evidence = z.infer<typeof Evidence>;

import { createThread } from './off-thread.ts';
import type { operations } from './pages-thread.ts';

type Operations = typeof operations;

export interface PageCall<N extends keyof Operations> {
  readonly name: N;
  readonly argument: Parameters<Operations[N]>[0];
  /** milliseconds */
  readonly within: number;
  readonly signal?: AbortSignal;
}

/** MiB: a page of 40 million pixels takes 160 outside of this heap; pdfjs's own structures are small. */
const thread = createThread({ entry: 'documents/pages-thread', memory: 512 });

/**
 * Asks the thread that opens files from outside: `openPdf`, `readText`, `drawPage` (pdf.ts), `decodePicture` (picture.ts).
 *
 * @throws Error as those say; with pdfjs's names for PDFs, of which `PasswordException` and `InvalidPDFException` are told apart;
 *   `ThreadEnded` after `within`, or when memory did not suffice; the signal's reason
 */
export async function askPages<N extends keyof Operations>({ name, argument, within, signal }: PageCall<N>): Promise<Awaited<ReturnType<Operations[N]>>> {
  return (await thread.call({ name, argument, within, ...(signal && { signal }) })) as Awaited<ReturnType<Operations[N]>>;
}

/** Ends the thread; the next question starts a new one. */
export const closePages = (): Promise<void> => thread.close();

import { parentPort } from 'node:worker_threads';
import { drawPage, openPdf, readText } from './pdf.ts';
import { decodePicture } from './picture.ts';

/** What `pages.ts` may ask of this thread, by name. */
export const operations = { openPdf, readText, drawPage, decodePicture } as const;

parentPort?.on('message', ({ id, name, argument }: { id: number; name: keyof typeof operations; argument: never }) => {
  answer(operations[name](argument)).then(
    (result) => parentPort?.postMessage({ id, result }),
    (error: unknown) => {
      const { name: errorName, message } = error instanceof Error ? error : new Error(String(error));
      parentPort?.postMessage({ id, error: { name: errorName, message } });
    },
  );
});

async function answer(result: unknown): Promise<unknown> {
  return result;
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Worker as Thread } from 'node:worker_threads';
import { createWorker, OEM, PSM, type Worker } from 'tesseract.js';
import { toPgm, type Grey } from './grey.ts';

/** Both read Latin letters; as they were trained apart, they seldom make the same mistake. */
export type Language = 'deu' | 'eng';

export interface RecognisedWord {
  readonly text: string;
  /** 0 to 1, as Tesseract says */
  readonly confidence: number;
  /** pixels */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Look {
  readonly language: Language;
  readonly image: Grey;
  /** `page`: find blocks and columns first; `column`: lines one below the other. */
  readonly layout: 'page' | 'column';
  /** milliseconds, from when the recogniser is up and the look's turn has come */
  readonly within: number;
  readonly signal?: AbortSignal;
}

/** Milliseconds to load a recogniser: half a second, unless the machine is busy with something else. */
const upWithin = 60_000;

/** The name of the error of a look that took too long. */
export const recogniserOverran = 'RecogniserOverran';

interface Recogniser {
  readonly worker: Promise<Worker>;
  turn: Promise<unknown>;
}

const recognisers = new Map<Language, Recogniser>();

/**
 * The words in a picture, in reading order. One recogniser per language lives as long as the process, does one look at a time, and is made anew
 * after it was ended: by a look that overran or was aborted, or by its own death.
 *
 * @throws Error named `RecogniserOverran`; the signal's reason
 */
export async function recognise(look: Look): Promise<RecognisedWord[]> {
  const recogniser = recognisers.get(look.language) ?? start(look.language);
  const words = recogniser.turn.then(() => lookNow(look));
  recogniser.turn = words.catch(() => undefined);
  return words;
}

/** Ends all recognisers; a later look starts new ones. */
export async function closeOcr(): Promise<void> {
  await Promise.all([...recognisers.keys()].map(end));
}

async function lookNow({ language, image, layout, within, signal }: Look): Promise<RecognisedWord[]> {
  signal?.throwIfAborted();
  // An earlier look may have ended the one that this look was queued for.
  const { worker: starting } = recognisers.get(language) ?? start(language);
  let stop: (reason: unknown) => void = () => undefined;
  // Tesseract's own promises never settle once its thread has ended.
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  const abort = () => stop(signal?.reason);
  const died = () => stop(new Error('the recogniser ended in the middle of a page'));
  signal?.addEventListener('abort', abort, { once: true });
  const bound = (milliseconds: number, message: string) => setTimeout(() => stop(named(recogniserOverran, message)), milliseconds);
  let timer = bound(upWithin, `the recogniser was not up after ${upWithin / 1000} s`);
  try {
    return await Promise.race([look(), stopped]);
  } catch (error) {
    await end(language);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }

  async function look(): Promise<RecognisedWord[]> {
    const worker = await starting;
    clearTimeout(timer);
    timer = bound(within, `the recogniser took longer than ${within / 1000} s`);
    const thread = threadOf(worker);
    thread.ref();
    thread.once('exit', died);
    try {
      await worker.setParameters({ tessedit_pageseg_mode: layout === 'page' ? PSM.AUTO : PSM.SINGLE_BLOCK, user_defined_dpi: '212', debug_file: '/dev/null' });
      const { data } = await worker.recognize(toPgm(image), {}, { blocks: true, text: false });
      const words = (data.blocks ?? []).flatMap(({ paragraphs }) => paragraphs.flatMap(({ lines }) => lines.flatMap((line) => line.words)));
      return words.map(({ text, confidence, bbox }) => ({ text, confidence: confidence / 100, left: bbox.x0, top: bbox.y0, right: bbox.x1, bottom: bbox.y1 }));
    } finally {
      thread.off('exit', died);
      thread.unref();
    }
  }
}

function start(language: Language): Recogniser {
  const trained = dirname(createRequire(import.meta.url).resolve(`@tesseract.js-data/${language}/package.json`));
  const worker = createWorker(language, OEM.LSTM_ONLY, { langPath: join(trained, '4.0.0_best_int'), cacheMethod: 'none' });
  const recogniser: Recogniser = { worker, turn: Promise.resolve() };
  recognisers.set(language, recogniser);
  worker.then(
    (ready) => {
      threadOf(ready).unref();
      threadOf(ready).once('exit', () => forget(language, recogniser));
    },
    () => forget(language, recogniser),
  );
  return recogniser;
}

function forget(language: Language, recogniser: Recogniser): void {
  if (recognisers.get(language) === recogniser) recognisers.delete(language);
}

async function end(language: Language): Promise<void> {
  const recogniser = recognisers.get(language);
  if (recogniser === undefined) return;
  recognisers.delete(language);
  const worker = await recogniser.worker.catch(() => undefined);
  await worker?.terminate();
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

/** The thread beneath, which Tesseract's types keep to themselves. An idle one must not keep the process alive. */
function threadOf(worker: Worker): Thread {
  return (worker as Worker & { worker: Thread }).worker;
}

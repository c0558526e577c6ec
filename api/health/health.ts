import { z } from 'zod';
import { errorMessage } from '../../platform/errors.ts';
import { probeDirectory } from '../files.ts';
import { type Answer, answer } from '../http/answer.ts';
import { log } from '../log.ts';
import type { Temporal } from '../../engine/temporal.ts';

const Check = z.object({ ok: z.boolean(), detail: z.string() });
type Check = z.infer<typeof Check>;

export const Readiness = z.object({ ready: z.boolean(), checks: z.object({ temporal: Check, documents: Check, data: Check }) });

export interface Health {
  ready(): Promise<Answer>;
}

/** Milliseconds that Temporal may take to answer. */
const within = 1_500;

export function createHealth({ temporal, documentsDirectory, dataDirectory }: { temporal: Temporal; documentsDirectory: string; dataDirectory: string }): Health {
  return {
    async ready() {
      const [reachable, documents, data] = await Promise.all([
        check({ of: () => temporalAnswers(temporal), well: 'answers', ill: 'Temporal does not answer, or does not have the namespace. Start it, or correct TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.' }),
        check({ of: () => probeDirectory(documentsDirectory), well: 'writable', ill: 'The directory cannot be written. Correct DOCUMENTS_DIR or its permissions.' }),
        check({ of: () => probeDirectory(dataDirectory), well: 'writable', ill: 'The directory cannot be written. Correct API_DATA_DIR or its permissions.' }),
      ]);
      const ready = reachable.ok && documents.ok && data.ok;
      return answer({ status: ready ? 200 : 503, body: { ready, checks: { temporal: reachable, documents, data } } satisfies z.infer<typeof Readiness> });
    },
  };
}

/** The cause goes to the log: health is open to anybody, and need not tell addresses and paths. */
async function check({ of, well, ill }: { of: () => Promise<unknown>; well: string; ill: string }): Promise<Check> {
  try {
    await of();
    return { ok: true, detail: well };
  } catch (error) {
    log.info('not ready', { detail: ill, cause: errorMessage(error) });
    return { ok: false, detail: ill };
  }
}

const temporalAnswers = ({ ask, namespace }: Temporal): Promise<unknown> => ask((service) => service.describeNamespace({ namespace }), { within });

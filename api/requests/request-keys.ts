import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../contracts/define/digest.ts';
import { invalidInput } from '../../contracts/failures.ts';
import { errorCode } from '../../platform/errors.ts';
import { refusal } from '../problems/problem.ts';
import { createOnce, readIfThere, replaceFile } from '../files.ts';

/** @throws a malformed request when the header `Idempotency-Key` cannot be a key */
export function requireKey(header: string | undefined): string | undefined {
  if (header === undefined || /^[\x21-\x7e]{1,200}$/.test(header)) return header;
  const message = 'is 1 to 200 printable ASCII characters without blanks';
  throw refusal({ kind: 'malformed-request', detail: `Idempotency-Key: ${message}.`, errors: [{ path: 'Idempotency-Key', message }] });
}

/** A request that is to have one effect, however often it is sent. */
interface Request<Plan, Result> {
  /** `undefined` where the caller gave no key. */
  readonly key: string | undefined;
  /** Keys of different users never meet. */
  readonly user: string;
  /** What is asked: another question under the same key is refused. */
  readonly asked: unknown;
  /** Decides how it will be done; what it throws is not kept. */
  plan(): Promise<Plan>;
  /** Does it. Doing the same plan twice must have one effect and the same result. */
  carryOut(plan: Plan): Promise<Result>;
}

interface Kept<Plan, Result> {
  readonly asked: string;
  readonly plan: Plan;
  readonly result?: Result;
}

export interface RequestKeys {
  once<Plan, Result>(request: Request<Plan, Result>): Promise<Result>;
}

/** Days after which a key is forgotten. */
const keptFor = 30;

/**
 * Keeps the plan of a request before it is carried out, and its result after. A repetition gets the result; one that comes while the first is under
 * way, or after it was cut off, carries the first one's plan out. Several API processes may share the directory.
 */
export async function keepRequestKeys({ directory }: { directory: string }): Promise<RequestKeys> {
  await mkdir(directory, { recursive: true });
  await forgetOld(directory);
  return {
    async once<Plan, Result>({ key, user, asked, plan, carryOut }: Request<Plan, Result>) {
      if (key === undefined) return carryOut(await plan());
      const file = join(directory, `${createHash('sha256').update(`${user}\n${key}`).digest('hex')}.json`);
      const digest = digestOf(asked);
      let kept = await read<Plan, Result>(file);
      if (!kept) {
        const mine: Kept<Plan, Result> = { asked: digest, plan: await plan() };
        const first = await createOnce({ file, text: JSON.stringify(mine) });
        kept = first ? mine : ((await read<Plan, Result>(file)) ?? mine);
      }
      if (kept.asked !== digest) {
        throw invalidInput(`the Idempotency-Key "${key}" was used before for another request. Take a new key for a new request; repeat the first one unchanged to get its answer.`, {
          issues: [{ path: 'Idempotency-Key', message: 'was used before for another request' }],
        });
      }
      if (kept.result !== undefined) return kept.result;
      const result = await carryOut(kept.plan);
      await replaceFile({ file, text: JSON.stringify({ ...kept, result }) });
      return result;
    },
  };
}

async function read<Plan, Result>(file: string): Promise<Kept<Plan, Result> | undefined> {
  const text = await readIfThere(file);
  return text === undefined ? undefined : (JSON.parse(text) as Kept<Plan, Result>);
}

async function forgetOld(directory: string): Promise<void> {
  const oldest = Date.now() - keptFor * 86_400_000;
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    try {
      if ((await stat(file)).mtimeMs < oldest) await rm(file, { force: true });
    } catch (error) {
      // Another API process tidies up too.
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}

import { unexpected } from '../../contracts/failures.ts';

/** An endpoint that speaks OpenAI's chat completions. */
export interface ModelAccess {
  /** The address of `chat/completions`. */
  readonly url: URL;
  readonly model: string;
  readonly key: string | undefined;
  /** The environment variables that it was named by, for messages. */
  readonly settings: readonly string[];
}

interface Named {
  /** What the variables begin with: `EXTRACTION` for `EXTRACTION_MODEL_URL`, `EXTRACTION_MODEL` and `EXTRACTION_API_KEY`. */
  readonly prefix: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The model that the environment names: `…_MODEL_URL` (the base, for example `http://127.0.0.1:8000/v1`), `…_MODEL` and, where the endpoint wants one,
 * `…_API_KEY`. `undefined` when neither of the first two is set.
 *
 * @throws Unexpected when only one of them is, or the address is none
 */
export function findModel({ prefix, env = process.env }: Named): ModelAccess | undefined {
  const names = { url: `${prefix}_MODEL_URL`, model: `${prefix}_MODEL`, key: `${prefix}_API_KEY` };
  const [base, model, key] = [env[names.url], env[names.model], env[names.key]];
  if (!base && !model) return undefined;
  if (!base || !model) {
    const [missing, there] = base ? [names.model, names.url] : [names.url, names.model];
    throw unexpected(`the environment variable ${missing} is not set though ${there} is: set both to use a model, or neither to do without`);
  }
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw unexpected(`${names.url} holds "${base}", which is no http or https address: give the base of the endpoint, for example http://127.0.0.1:8000/v1`);
  }
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`;
  return { url, model, key: key || undefined, settings: Object.values(names) };
}

/** The same where a step cannot do without. @throws Unexpected when the environment names none */
export function requireModel(named: Named): ModelAccess {
  const access = findModel(named);
  if (access === undefined) throw unexpected(`the environment names no model: set ${named.prefix}_MODEL_URL and ${named.prefix}_MODEL, start the worker again, and retry`);
  return access;
}

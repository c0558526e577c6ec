import { unexpected } from '../../../contracts/failures.ts';

/** An endpoint that speaks OpenAI's chat completions. */
export interface ModelAccess {
  /** The address of `chat/completions`. */
  readonly url: URL;
  readonly model: string;
  readonly key: string | undefined;
}

/**
 * The model that the environment names: `EXTRACTION_MODEL_URL` (the base, for example `http://127.0.0.1:8000/v1`), `EXTRACTION_MODEL` and, where the
 * endpoint wants one, `EXTRACTION_API_KEY`. `undefined` when neither of the first two is set.
 *
 * @throws Unexpected when only one of them is, or the address is none
 */
export function modelFromEnv(env: Readonly<Record<string, string | undefined>> = process.env): ModelAccess | undefined {
  const { EXTRACTION_MODEL_URL: base, EXTRACTION_MODEL: model, EXTRACTION_API_KEY: key } = env;
  if (!base && !model) return undefined;
  if (!base || !model) {
    const [missing, there] = base ? ['EXTRACTION_MODEL', 'EXTRACTION_MODEL_URL'] : ['EXTRACTION_MODEL_URL', 'EXTRACTION_MODEL'];
    throw unexpected(`the environment variable ${missing} is not set though ${there} is: set both to use a model, or neither to use the rules`);
  }
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw unexpected(`EXTRACTION_MODEL_URL holds "${base}", which is no http or https address: give the base of the endpoint, for example http://127.0.0.1:8000/v1`);
  }
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`;
  return { url, model, key: key || undefined };
}

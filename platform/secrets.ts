import { readFileSync } from 'node:fs';
import { errorMessage } from './errors.ts';

/** The settings that hold a secret. Each may stand in a file instead, which `<setting>_FILE` names: what is in the environment shows in process lists and crash reports. */
export const secretSettings = ['LEGACY_ERP_PASSWORD', 'SMTP_URL', 'EXTRACTION_API_KEY'] as const;

type Environment = Record<string, string | undefined>;

/**
 * Puts the secrets that are given by file where everybody reads settings. For the start of a process: what it starts later inherits them unless it is given an
 * environment of its own. A line break at the end of the file does not count; an empty file is a setting left out, as an empty variable is.
 *
 * @throws Error that names the variable when a setting is given twice or its file cannot be read
 */
export function readSecretFiles(env: Environment = process.env): void {
  for (const setting of secretSettings) {
    const variable = `${setting}_FILE`;
    const file = env[variable];
    if (!file) continue;
    if (env[setting]) throw new Error(`${setting} and ${variable} are both set: keep one of them`);
    env[setting] = read({ variable, file });
  }
}

function read({ variable, file }: { variable: string; file: string }): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new Error(`${variable} is "${file}", which cannot be read (${errorMessage(error)}): make the file, let this user read it, or correct the path`, { cause: error });
  }
}

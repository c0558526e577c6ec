import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSecretFiles } from '../../platform/secrets.ts';

const directory = await mkdtemp(join(tmpdir(), 'throughline-secrets-'));
const file = join(directory, 'password');
afterAll(() => rm(directory, { recursive: true }));

describe('a secret that is given by file', () => {
  it('stands in its setting, without the line break at its end', async () => {
    await writeFile(file, ' pass word \n');
    const env: Record<string, string | undefined> = { LEGACY_ERP_PASSWORD_FILE: file };
    readSecretFiles(env);
    expect(env.LEGACY_ERP_PASSWORD).toBe(' pass word ');
  });

  it('counts as left out when its file is empty', async () => {
    await writeFile(file, '\n');
    const env: Record<string, string | undefined> = { EXTRACTION_API_KEY_FILE: file };
    readSecretFiles(env);
    expect(env.EXTRACTION_API_KEY).toBe('');
  });

  it('is refused when it is given twice, or when its file cannot be read', () => {
    expect(() => readSecretFiles({ SMTP_URL: 'smtp://a', SMTP_URL_FILE: file })).toThrow('SMTP_URL and SMTP_URL_FILE are both set');
    expect(() => readSecretFiles({ SMTP_URL_FILE: join(directory, 'none') })).toThrow(/SMTP_URL_FILE is ".*none", which cannot be read/);
  });

  it('leaves settings alone that are not given by file', () => {
    const env = { SMTP_URL: 'smtp://a', SMTP_URL_FILE: '' };
    readSecretFiles(env);
    expect(env).toEqual({ SMTP_URL: 'smtp://a', SMTP_URL_FILE: '' });
  });
});

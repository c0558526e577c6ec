import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../platform/repository.ts';
import { secretSettings } from '../../platform/secrets.ts';

/** What reads the environment in the API and in workers, and the preparation. */
const rooms = ['activities', 'api', 'documents', 'platform', 'workers'];
const files = ['launch/prepare.ts'];

const name = '[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+';
const readings = [
  new RegExp(`\\benv(?:\\.|\\[')(${name})\\b`, 'g'),
  new RegExp(`\\b(?:required|setting)\\('(${name})'`, 'g'),
  new RegExp(`\\bsystem: '(${name})'`, 'g'),
];
const destructured = /\{([^{}]*)\} = (?:process\.)?env\b/g;

/** Not for docker-compose.yml: the image's own, or of a machine where somebody develops. */
const elsewhere = new Set(['THROUGHLINE_BROWSER', 'THROUGHLINE_BUNDLE_CACHE', 'THROUGHLINE_CACHE', 'THROUGHLINE_DATA', 'XDG_CACHE_HOME']);

/** A model is found by variables of one prefix (activities/model/access.ts). */
const model = /findModel\(\{ prefix: '([A-Z][A-Z_]*)'/g;

/** The settings that our code takes from the environment, those of `<secret>_FILE` included. */
export async function settingsOfCode(): Promise<{ readonly read: ReadonlySet<string>; readonly elsewhere: ReadonlySet<string> }> {
  const found = new Set<string>(secretSettings.map((setting) => `${setting}_FILE`));
  for (const file of [...files, ...(await Promise.all(rooms.map(sourcesOf))).flat()]) {
    const text = await readFile(join(repository, file), 'utf8');
    for (const reading of readings) for (const [, setting = ''] of text.matchAll(reading)) found.add(setting);
    for (const [, prefix = ''] of text.matchAll(model)) for (const setting of ['MODEL_URL', 'MODEL', 'API_KEY']) found.add(`${prefix}_${setting}`);
    for (const [, names = ''] of text.matchAll(destructured)) for (const [setting] of names.matchAll(new RegExp(name, 'g'))) found.add(setting);
  }
  return { read: found, elsewhere };
}

async function sourcesOf(room: string): Promise<string[]> {
  const entries = await readdir(join(repository, room), { recursive: true });
  return entries.filter((entry) => entry.endsWith('.ts')).map((entry) => join(room, entry));
}

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../../platform/errors.ts';
import { buildIdOf } from './build-id.ts';

/** The bundles that workers have run, by build id: whoever is to go on with an instance needs the code that it began with. */
export interface KeptBundles {
  readonly directory: string;
  /** Keeps the code, and marks it as in use now. */
  keep(code: string): Promise<void>;
  /**
   * The code of a build; `undefined` where it is not kept.
   *
   * @throws Error when what is kept is not the code of this build any more
   */
  read(buildId: string): Promise<string | undefined>;
  /** The build ids, with when each was last marked as in use. */
  list(): Promise<readonly { readonly buildId: string; readonly usedAt: Date }[]>;
  remove(buildId: string): Promise<void>;
}

const fileName = /^([0-9a-f]{16})\.js$/;

export function keptBundlesIn(directory: string): KeptBundles {
  const fileOf = (buildId: string): string => join(directory, `${buildId}.js`);
  return {
    directory,
    async keep(code) {
      const file = fileOf(buildIdOf(code));
      const now = new Date();
      try {
        return await utimes(file, now, now);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw cannotKeep({ directory, error });
      }
      // Renamed into place: another worker may be reading it, and half a file must never stand under its name.
      const aside = `${file}.${randomUUID()}.part`;
      try {
        await mkdir(directory, { recursive: true });
        await writeFile(aside, code);
        await rename(aside, file);
      } catch (error) {
        throw cannotKeep({ directory, error });
      }
    },
    async read(buildId) {
      const code = await readFile(fileOf(buildId), 'utf8').catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw error;
      });
      if (code !== undefined && buildIdOf(code) !== buildId) throw new Error(`${fileOf(buildId)} is not the bundle of build ${buildId}: it was changed or cut off. Put the file back from a backup, or delete it and start a worker of that build's source.`);
      return code;
    },
    async list() {
      const names = await readdir(directory).catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return [];
        throw error;
      });
      const kept = names.flatMap((name) => fileName.exec(name)?.[1] ?? []);
      return Promise.all(kept.map(async (buildId) => ({ buildId, usedAt: (await stat(fileOf(buildId))).mtime })));
    },
    remove: (buildId) => rm(fileOf(buildId), { force: true }),
  };
}

const cannotKeep = ({ directory, error }: { directory: string; error: unknown }): Error =>
  new Error(`the workflow bundle cannot be kept in ${directory}: ${errorMessage(error)}. Give the directory to this user, or choose another one with WORKER_BUNDLES_DIR.`, { cause: error });

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Implementation } from '../activities/implement.ts';
import type { ActivityContract, CompensationContract } from '../contracts/define/activity.ts';
import type { ProcessContract } from '../contracts/define/process.ts';
import { repository } from './repository.ts';

/** Every process contract under `contracts/processes/`, by name. Nothing is registered by hand. */
export async function discoverProcesses(folder = join(repository, 'contracts/processes')): Promise<readonly ProcessContract[]> {
  return unique(await exportsUnder(folder, isProcess), ({ name }) => name);
}

/** Every activity contract and compensation under `contracts/activities/`. */
export async function discoverActivities(folder = join(repository, 'contracts/activities')): Promise<readonly (ActivityContract | CompensationContract)[]> {
  return unique(await exportsUnder(folder, isActivity), ({ name }) => name);
}

/** Every implementation under `activities/`. */
export async function discoverImplementations(folder = join(repository, 'activities')): Promise<readonly Implementation[]> {
  return unique(await exportsUnder(folder, isImplementation), ({ implements: contract }) => contract.name);
}

interface Found<T> {
  readonly file: string;
  readonly value: T;
}

async function exportsUnder<T>(folder: string, is: (value: unknown) => value is T): Promise<readonly Found<T>[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const found: Found<T>[] = [];
  for (const file of files) {
    const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    for (const value of Object.values(module)) {
      if (is(value)) found.push({ file, value });
    }
  }
  return found;
}

/** The same thing exported twice is one thing; two things of one name are a mistake. */
function unique<T>(found: readonly Found<T>[], nameOf: (value: T) => string): readonly T[] {
  const byName = new Map<string, Found<T>>();
  for (const one of found) {
    const name = nameOf(one.value);
    const first = byName.get(name);
    if (first && first.value !== one.value) throw new Error(`"${name}" is defined twice: in ${first.file} and in ${one.file}. Rename one of them.`);
    byName.set(name, first ?? one);
  }
  return [...byName.values()].map(({ value }) => value);
}

const tagged = (value: unknown, tags: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && 'contract' in value && tags.includes(String(value.contract));
const isProcess = (value: unknown): value is ProcessContract => tagged(value, ['process']);
const isActivity = (value: unknown): value is ActivityContract | CompensationContract => tagged(value, ['activity', 'compensation']);
const isImplementation = (value: unknown): value is Implementation =>
  typeof value === 'object' && value !== null && 'implements' in value && 'run' in value && isActivity(value.implements);

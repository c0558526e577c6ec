import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { definitionOf, type JsonSchema, type ProcessDefinition } from '../../contracts/define/definition.ts';
import { digestOf } from '../../contracts/define/digest.ts';
import type { ProcessContract } from '../../contracts/define/process.ts';
import { notFound, unexpected } from '../../contracts/failures.ts';
import { createOnce } from '../files.ts';

/** A process that can be started: its contract, and its definition as it is kept. */
export interface KnownProcess {
  readonly contract: ProcessContract;
  readonly definition: ProcessDefinition;
  readonly digest: string;
}

export interface Definitions {
  /** The processes that anybody can start, by name. */
  readonly current: readonly KnownProcess[];
  /** One that only the product itself starts. */
  operation(name: string): KnownProcess;
  /** @throws NotFound that names the processes there are */
  process(name: string): KnownProcess;
  /** The definition an instance runs by; the current one where the instance names none, or one that is not kept. */
  of(instance: { readonly process: string; readonly digest: string | null }): ProcessDefinition | undefined;
  /** The names of all processes of which there may be instances, those that are no longer deployed included; operations are none of them. */
  readonly names: readonly string[];
  /** The form of a human step, by its digest. */
  form(digest: string): JsonSchema | undefined;
}

/**
 * Keeps the definition of each process by its digest in a directory, and reads those that were kept before: an instance is shown as it was agreed
 * when it started, also after its process has changed.
 *
 * @throws Error when the directory cannot be written or a definition in it is not what its name says
 */
export async function keepDefinitions({ directory, processes }: { directory: string; processes: readonly ProcessContract[] }): Promise<Definitions> {
  const all = processes.map((contract): KnownProcess => ({ contract, ...definitionOf(contract) }));
  const current = all.filter(({ contract }) => !contract.operation);
  const operations = new Map(all.filter(({ contract }) => contract.operation).map((known) => [known.contract.name, known]));
  await mkdir(directory, { recursive: true });
  for (const { definition, digest } of all) await createOnce({ file: join(directory, `${digest}.json`), text: `${JSON.stringify(definition)}\n` });
  const kept = await readAll(directory);
  const forms = new Map([...kept.values()].flatMap(({ steps }) => steps.flatMap(({ form }) => (form === null ? [] : [[form.digest, form.schema] as const]))));

  return {
    current,
    names: [...new Set([...kept.values()].map(({ name }) => name))].filter((name) => !operations.has(name)).sort(),
    process(name) {
      const found = current.find(({ contract }) => contract.name === name);
      if (!found) throw notFound(`there is no process "${name}". Processes: ${current.map(({ contract }) => contract.name).join(', ') || 'none'}.`);
      return found;
    },
    operation(name) {
      const found = operations.get(name);
      if (!found) throw unexpected(`the operation "${name}" is not among the processes that the API was started with: it stands in contracts/processes/operations/`);
      return found;
    },
    of: ({ process, digest }) => (digest === null ? undefined : kept.get(digest)) ?? all.find(({ contract }) => contract.name === process)?.definition,
    form: (digest) => forms.get(digest),
  };
}

async function readAll(directory: string): Promise<ReadonlyMap<string, ProcessDefinition>> {
  const kept = new Map<string, ProcessDefinition>();
  for (const file of await readdir(directory)) {
    const digest = /^([0-9a-f]{64})\.json$/.exec(file)?.[1];
    if (digest === undefined) continue;
    const definition = JSON.parse(await readFile(join(directory, file), 'utf8')) as ProcessDefinition;
    if (digestOf(definition) !== digest) throw new Error(`${join(directory, file)} is damaged: its content has another digest. Remove it, or restore it from a backup.`);
    kept.set(digest, definition);
  }
  return kept;
}

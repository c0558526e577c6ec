import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import type { ProcessContract } from '../contracts/define/process.ts';
import { discoverProcesses } from '../platform/discover.ts';
import { repository } from '../platform/repository.ts';

/** What an input may be made with. */
export interface Making {
  /** Different for each instance. */
  readonly number: string;
  /** Keeps a document by the API and gives its reference. */
  upload(bytes: Uint8Array): Promise<{ sha256: string; mediaType: string; size: number }>;
}

/** What the campaign cannot know of a process by itself. */
export interface Sample<P extends ProcessContract = ProcessContract> {
  readonly process: P;
  /**
   * Inputs by which an instance completes when nothing goes wrong, by name; together they must reach every step. A step is tried with the first that
   * reaches it, so the cheapest comes first.
   */
  readonly inputs: Readonly<Record<string, (making: Making) => Promise<z.input<P['input']>>>>;
  /** By step: what a person answers who agrees, and who does not; `shown` is what the task shows. */
  readonly decisions?: Readonly<Record<string, { yes(shown: unknown): unknown; no(shown: unknown): unknown }>>;
  /** By name, or by step where it is not the same at each: what comes from outside when it is waited for. */
  readonly messages?: Readonly<Record<string, unknown>>;
}

/** Instead of a message: the process goes on without it. */
export const neverComes = Symbol('never comes');

export const sample = <const P extends ProcessContract>(spec: Sample<P>): Sample<P> => spec;

export const messageAt = ({ messages }: Pick<Sample, 'messages'>, { step, name }: { step: string; name: string }): unknown => messages?.[step] ?? messages?.[name];

const place = 'campaign/samples';

/**
 * The sample of every process under `contracts/processes/`.
 *
 * @throws Error that names each process without a sample, and each decision or message that one lacks
 */
export async function discoverSamples(processes?: readonly ProcessContract[]): Promise<readonly Sample[]> {
  const folder = join(repository, place);
  const found: Sample[] = [];
  for (const file of (await readdir(folder)).filter((name) => /\.[jt]s$/.test(name)).sort()) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, unknown>;
    found.push(...Object.values(module).filter(isSample));
  }
  const wanted = processes ?? (await discoverProcesses()).filter(({ operation }) => !operation);
  const holes = wanted.flatMap((process) => holesIn({ process, given: found.find((one) => one.process.name === process.name) }));
  if (holes.length > 0) throw new Error(`the campaign has holes:\n${holes.map((hole) => `- ${hole}`).join('\n')}`);
  return found.filter(({ process }) => wanted.some(({ name }) => name === process.name));
}

function holesIn({ process: { name, steps }, given }: { process: ProcessContract; given: Sample | undefined }): string[] {
  if (!given) return [`process "${name}" has no sample: export sample({ process, inputs, … }) from a file in ${place}/`];
  return Object.entries(steps).flatMap(([step, contract]) => {
    if (contract.contract === 'task' && !given.decisions?.[step]) return [`the sample of process "${name}" does not say what people decide at "${step}": add decisions.${step} in ${place}/`];
    if (contract.contract === 'message' && messageAt(given, { step, name: contract.name }) === undefined) return [`the sample of process "${name}" has no message "${contract.name}": add messages.${contract.name} in ${place}/`];
    return [];
  });
}

const isSample = (value: unknown): value is Sample => typeof value === 'object' && value !== null && 'process' in value && 'inputs' in value;

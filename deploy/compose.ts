import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { z } from 'zod';
import { repository } from '../platform/repository.ts';

const Duration = z.string().regex(/^\d+(ms|s|m)$/, 'is no duration such as 30s');
const Size = z.string().regex(/^\d+[mg]$/, 'is no size such as 512m');
const Port = z.string().regex(/^\d{1,5}$/, 'is no port; write it in quotes');
const Name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'is no name of small letters, digits and hyphens');

const Service = z.strictObject({
  image: z.string().regex(/^[a-z0-9/-]+:\d+\.\d+[A-Za-z0-9.-]*$/, 'is not pinned to a version'),
  build: z.strictObject({ context: z.literal('.'), target: z.string() }).optional(),
  user: z.string().regex(/^(?!root$|0$)/, 'must not be root'),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()),
  secrets: z.array(Name).default([]),
  configs: z.array(z.strictObject({ source: Name, target: z.string().startsWith('/') })).default([]),
  volumes: z.array(z.string().regex(/^[a-z-]+:\/\S+$/, 'is no named volume with the path it is mounted on')).default([]),
  tmpfs: z.array(z.string()).default([]),
  expose: z.array(Port).default([]),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+(-\d+)?:\d+$/, 'must be published on 127.0.0.1')).default([]),
  networks: z.array(Name).default(['default']),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) })).default({}),
  healthcheck: z.strictObject({ test: z.tuple([z.literal('CMD')], z.string()), interval: Duration, timeout: Duration, retries: z.int(), start_period: Duration }).optional(),
  restart: z.enum(['unless-stopped', 'on-failure:5']),
  init: z.literal(true),
  read_only: z.literal(true).optional(),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  shm_size: Size.optional(),
  stop_grace_period: Duration.optional(),
  logging: z.strictObject({ driver: z.literal('json-file'), options: z.record(z.string(), z.string()) }),
  deploy: z.strictObject({ resources: z.strictObject({ limits: z.strictObject({ memory: Size }) }) }),
});

const File = z.strictObject({ file: z.string().startsWith('./') });

/** What we use of https://github.com/compose-spec, and nothing else: a key that is not here would be one that the topology passes over. */
const Compose = z.strictObject({
  name: z.string(),
  services: z.record(Name, Service),
  networks: z.record(Name, z.strictObject({ internal: z.boolean().optional() })),
  volumes: z.record(Name, z.strictObject({})),
  configs: z.record(Name, File),
  secrets: z.record(Name, File),
});
export type Compose = z.output<typeof Compose>;
export type ComposeService = z.output<typeof Service>;

export const composeFile = join(repository, 'docker-compose.yml');

/**
 * Reads docker-compose.yml with the variables of `.env` put in, as `docker compose config` does.
 *
 * @throws Error that names each place where the file is not as we write it, and each variable that is missing
 */
export async function readCompose({ variables, file = composeFile }: { variables: Readonly<Record<string, string>>; file?: string }): Promise<Compose> {
  const raw = load(await readFile(file, 'utf8'), { schema: CORE_SCHEMA.withTags(mergeTag), filename: file });
  const plain = Object.fromEntries(Object.entries(z.record(z.string(), z.unknown()).parse(raw)).filter(([key]) => !key.startsWith('x-')));
  const parsed = Compose.safeParse(filled({ value: plain, variables }));
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`).join('\n'));
}

/** The names of the variables that the file takes from `.env`, each with whether it must be there. */
export async function variablesOf(file = composeFile): Promise<ReadonlyMap<string, boolean>> {
  const text = await readFile(file, 'utf8');
  return new Map([...text.matchAll(variable)].map(([, name = '', kind]) => [name, kind === ':?']));
}

/** `${NAME:-otherwise}` and `${NAME:?what to do}`. */
const variable = /\$\{([A-Z][A-Z0-9_]*)(:-|:\?)([^}]*)\}/g;

function filled({ value, variables }: { value: unknown; variables: Readonly<Record<string, string>> }): unknown {
  if (Array.isArray(value)) return value.map((one) => filled({ value: one, variables }));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled({ value: one, variables })]));
  if (typeof value !== 'string') return value;
  return value.replace(variable, (_, name: string, kind: string, words: string) => {
    const given = variables[name];
    if (given) return given;
    if (kind === ':?') throw new Error(`${name} is not set: ${words}`);
    return words;
  });
}

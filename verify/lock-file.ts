import { z } from 'zod';

/** What matters here of npm's package-lock.json, version 3: each installed package by its path, the project itself under the empty one. */
export const LockFile = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), dependencies: z.record(z.string(), z.string()).optional() })),
});
export type LockFile = z.infer<typeof LockFile>;

const folder = 'node_modules/';
const nameOf = (path: string): string => path.slice(path.lastIndexOf(folder) + folder.length);

/**
 * What is wrong with the installed packages of Temporal: each must be there once, in one version, and all must meet one protobufjs. Of a second
 * copy nothing is seen at first; it silently breaks cancellation scopes, payloads and the reading of histories from JSON.
 */
export function faultsIn({ packages }: LockFile): readonly string[] {
  const temporal = Object.keys(packages).filter((path) => nameOf(path).startsWith('@temporalio/'));
  const twice = [...new Set(temporal.map(nameOf))].map((name) => temporal.filter((path) => nameOf(path) === name)).filter(({ length }) => length > 1);
  const versions = new Set(temporal.map((path) => packages[path]?.version));
  // Only who meets Temporal's messages counts: gRPC reads .proto files with a protobufjs of its own.
  const users = ['', ...temporal].filter((path) => packages[path]?.dependencies?.protobufjs !== undefined);
  const buffers = new Set(users.map((from) => found({ packages, name: 'protobufjs', from })));
  return [
    ...twice.map((paths) => `one package is installed ${paths.length} times: ${paths.join(', ')}`),
    ...(versions.size === 1 ? [] : [`the packages of @temporalio have ${versions.size} versions: ${[...versions].join(', ')}`]),
    ...(buffers.size === 1 ? [] : [`we and Temporal meet ${buffers.size} copies of protobufjs: ${[...buffers].join(', ')}`]),
  ];
}

/** The path of a package as Node finds it: in the asking package's own node_modules, then in each one around it. */
function found({ packages, name, from }: LockFile & { name: string; from: string }): string | undefined {
  const outer = from.lastIndexOf(`/${folder}`);
  const here = from === '' ? `${folder}${name}` : `${from}/${folder}${name}`;
  if (here in packages) return here;
  return from === '' ? undefined : found({ packages, name, from: outer < 0 ? '' : from.slice(0, outer) });
}

import { join } from 'node:path';
import { programArgs } from '../platform/repository.ts';
import type { Compose, ComposeService } from './compose.ts';

/** A service's place on this machine. */
export interface Place {
  /** The service's ports in its container, and where each listens here. */
  readonly ports: Readonly<Record<string, number>>;
}

export interface Surroundings {
  readonly compose: Compose;
  /** Where others find each service: its first replica. */
  readonly places: Readonly<Record<string, Place>>;
  /** Where volumes and secrets lie here. */
  readonly directory: string;
  readonly repository: string;
  /** Which of our code runs: `dist/` as in the images, or the source. */
  readonly code: 'build' | 'source';
}

export interface Translated {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck: readonly string[] | undefined;
}

/** The file of a secret and the directory of a volume or of a tmpfs, here. */
export const secretFile = ({ directory, name }: { directory: string; name: string }): string => join(directory, 'secrets', name);
export const volumeDirectory = ({ directory, name }: { directory: string; name: string }): string => join(directory, 'volumes', name);

/**
 * A service's command, environment and health check as they are in docker-compose.yml, but for what differs between a network of containers and one machine:
 * where a service listens, and where a path of the container lies. It knows no service by name.
 */
export function translate({ service, own, surroundings }: { service: ComposeService; own: Place; surroundings: Surroundings }): Translated {
  const change = (text: string): string => pathHere({ text: addressHere({ text, own, surroundings }), service, surroundings });
  const codeHere = (word: string): readonly string[] => {
    if (word === 'node') return [process.execPath];
    if (!word.startsWith('dist/')) return [word];
    return surroundings.code === 'build' ? [join(surroundings.repository, word)] : programArgs(word.replace(/^dist\/|\.js$/g, ''));
  };
  return {
    command: [...(service.entrypoint ?? []), ...(service.command ?? [])].map(change).flatMap(codeHere),
    environment: Object.fromEntries(Object.entries(service.environment).map(([name, value]) => [name, isHost(name) && value in surroundings.compose.services ? '127.0.0.1' : change(value)])),
    healthcheck: service.healthcheck?.test.slice(1).map(change).flatMap(codeHere),
  };
}

/** A service's name by itself is a host only there: the database and its user are called `temporal` too. */
const isHost = (variable: string): boolean => /_(HOST|SEEDS)$/.test(variable);

function addressHere({ text, own, surroundings: { compose, places } }: { text: string; own: Place; surroundings: Surroundings }): string {
  if (text === '0.0.0.0') return '127.0.0.1';
  // A port by itself is one's own where one has it, as in API_PORT; else another's, as in DB_PORT.
  for (const { ports } of [own, ...Object.values(places)]) if (ports[text] !== undefined) return String(ports[text]);
  return text.replaceAll(/([a-z0-9.-]+):(\d+)/g, (whole, host: string, port: string) => {
    const found = host === '127.0.0.1' ? (own.ports[port] ?? publishedAt({ port, compose, places })) : places[host]?.ports[port];
    return found === undefined ? whole : `127.0.0.1:${found}`;
  });
}

/** Where the service listens that publishes this port to people. */
function publishedAt({ port, compose, places }: { port: string; compose: Compose; places: Surroundings['places'] }): number | undefined {
  for (const [name, { ports }] of Object.entries(compose.services)) {
    for (const published of ports) {
      const [, outside, inside = ''] = published.split(':');
      if (outside === port) return places[name]?.ports[inside];
    }
  }
  return undefined;
}

function pathHere({ text, service, surroundings: { compose, directory, repository } }: { text: string; service: ComposeService; surroundings: Surroundings }): string {
  for (const name of service.secrets) if (text === `/run/secrets/${name}`) return secretFile({ directory, name });
  for (const { source, target } of service.configs) {
    const file = compose.configs[source]?.file;
    if (text === target && file !== undefined) return join(repository, file);
  }
  for (const volume of service.volumes) {
    const [name = '', target = ''] = volume.split(':');
    if (text === target) return volumeDirectory({ directory, name });
  }
  return text;
}

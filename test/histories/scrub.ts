import { createHash } from 'node:crypto';
import { homedir, hostname } from 'node:os';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { repository } from '../../platform/repository.ts';

type History = temporal.api.history.v1.IHistory;
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Fields that tell who, where and by which request, and that no replay needs. */
const dropped = new Set(['identity', 'requestId', 'stackTrace', 'stickyAttributes', 'workerVersion']);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A history without what it tells of the machine that it was made on: identities, host names, paths, stack traces, and run ids, which become ones made
 * from the instance's id. What the process itself wrote stays: record demonstrations and tests only, never real business.
 */
export function scrub({ id, history }: { id: string; history: History }): History {
  const tree = JSON.parse(historyToJSON(history)) as Json;
  const runIds = [...new Set(runIdsIn(tree))];
  const replacements: readonly (readonly [string, string])[] = [
    ...runIds.map((runId, nth) => [runId, uuidOf(`${id} ${nth}`)] as const),
    [repository, '/throughline'],
    [homedir(), '/home'],
    [hostname(), 'host'],
  ];
  const clean = (text: string): string => replacements.reduce((now, [from, to]) => now.replaceAll(from, to), text);
  return historyFromJSON(scrubbed({ value: tree, clean }));
}

function scrubbed({ value, key = '', clean }: { value: Json; key?: string; clean: (text: string) => string }): Json {
  if (typeof value === 'string') {
    if (key === 'data') return Buffer.from(clean(Buffer.from(value, 'base64').toString())).toString('base64');
    return clean(value);
  }
  if (Array.isArray(value)) return value.map((item) => scrubbed({ value: item, clean }));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([name]) => !dropped.has(name));
  const plain = Object.fromEntries(fields.map(([name, field]) => [name, scrubbed({ value: field, key: name, clean })]));
  // A sticky task queue is named after process and host.
  return plain.kind === 'TASK_QUEUE_KIND_STICKY' ? { ...plain, name: 'sticky' } : plain;
}

function runIdsIn(value: Json, key = ''): readonly string[] {
  if (typeof value === 'string') return /runId$/i.test(key) && uuid.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => runIdsIn(field, name));
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `7${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

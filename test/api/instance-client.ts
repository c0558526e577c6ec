import type { PatchOperation } from '../../visibility/json-patch.ts';
import type { EventMessage } from './event-stream.ts';

interface Patched {
  readonly patch: readonly PatchOperation[];
}

/** The instance as a client has it that did what docs/events.md says with all messages. */
export function instanceAfter(messages: readonly EventMessage[]): unknown {
  let [told, shown] = [undefined as unknown, undefined as unknown];
  for (const { event, data } of messages) {
    if (event === 'instance') told = data;
    if (event === 'change') told = patched(told, (data as Patched).patch);
    if (event === 'instance' || event === 'change') shown = told;
    if (event === 'pending') shown = patched(told, (data as Patched).patch);
  }
  return shown;
}

/** JSON Patch (RFC 6902), as far as it is used. */
export function patched(document: unknown, patch: readonly PatchOperation[]): unknown {
  const root = { document: structuredClone(document) };
  for (const operation of patch) {
    const keys = `/document${operation.path}`.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let at: unknown = root;
    for (const key of keys) at = (at as Record<string, unknown>)[key];
    const exists = typeof at === 'object' && at !== null && Object.hasOwn(at, last);
    if (operation.op !== 'add' && !exists) throw new Error(`the patch does not fit: there is no ${operation.path}`);
    if (operation.op === 'remove' && Array.isArray(at)) at.splice(Number(last), 1);
    else if (operation.op === 'remove') delete (at as Record<string, unknown>)[last];
    else if (operation.op === 'add' && Array.isArray(at)) at.splice(Number(last), 0, structuredClone(operation.value));
    else (at as Record<string, unknown>)[last] = structuredClone(operation.value);
  }
  return root.document;
}

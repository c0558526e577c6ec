/** Who may do what. A user's token can have several roles; it may do what any of them may. */
export const roles = ['viewer', 'starter', 'worker', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What is open to anybody: whether the API lives, and the page that asks for a token before it shows the API's documentation. */
const anybody = 'anybody';
const everyone: readonly Role[] = roles;

/**
 * Every operation of the API, and the roles that may call it. An operation that is not here cannot be called, nor can the API start with it.
 * What a role may do is narrowed further where a thing has its own rules: only candidates act on a task.
 */
export const matrix = {
  'health.live': anybody,
  'health.ready': anybody,
  'docs.page': anybody,
  'docs.file': anybody,
  'docs.openapi': everyone,
  'me.read': everyone,
  'documents.upload': ['starter', 'operator', 'admin'],
  'documents.read': everyone,
  'processes.list': everyone,
  'processes.read': everyone,
  'instances.start': ['starter', 'operator', 'admin'],
  'instances.list': ['viewer', 'starter', 'operator', 'admin'],
  'instances.read': ['viewer', 'starter', 'operator', 'admin'],
  'events.instance': ['viewer', 'starter', 'operator', 'admin'],
  'events.all': ['viewer', 'starter', 'operator', 'admin'],
  'instances.evidence': ['viewer', 'starter', 'operator', 'admin'],
  'instances.pause': ['operator', 'admin'],
  'instances.resume': ['operator', 'admin'],
  'instances.prioritise': ['operator', 'admin'],
  'instances.rewind': ['operator', 'admin'],
  'instances.rewindPlan': ['operator', 'admin'],
  'instances.note': ['operator', 'admin'],
  'instances.cancel': ['operator', 'admin'],
  'instances.terminate': ['admin'],
  'messages.send': ['starter', 'operator', 'admin'],
  'incidents.list': ['viewer', 'operator', 'admin'],
  'incidents.groups': ['viewer', 'operator', 'admin'],
  'incidents.resolve': ['operator', 'admin'],
  'incidents.retry': ['operator', 'admin'],
  'incidents.supply': ['operator', 'admin'],
  'incidents.edit': ['operator', 'admin'],
  'incidents.skip': ['operator', 'admin'],
  'incidents.fail': ['operator', 'admin'],
  'bulk.preview': ['operator', 'admin'],
  'bulk.start': ['operator', 'admin'],
  'bulk.read': ['viewer', 'operator', 'admin'],
  'bulk.results': ['viewer', 'operator', 'admin'],
  'schedules.create': ['operator', 'admin'],
  'schedules.list': ['viewer', 'starter', 'operator', 'admin'],
  'schedules.read': ['viewer', 'starter', 'operator', 'admin'],
  'schedules.change': ['operator', 'admin'],
  'schedules.pause': ['operator', 'admin'],
  'schedules.resume': ['operator', 'admin'],
  'schedules.trigger': ['operator', 'admin'],
  'schedules.backfill': ['operator', 'admin'],
  'schedules.delete': ['operator', 'admin'],
  'tasks.list': ['worker', 'operator', 'admin'],
  'tasks.read': ['worker', 'operator', 'admin'],
  'tasks.claim': ['worker'],
  'tasks.release': ['worker'],
  'tasks.complete': ['worker'],
} as const satisfies Record<string, readonly Role[] | typeof anybody>;

export type Operation = keyof typeof matrix;
export const operations = Object.keys(matrix) as readonly Operation[];

export const isOpen = (operation: Operation): boolean => matrix[operation] === anybody;

/** The roles that may call an operation; all of them where anybody may. */
export function rolesFor(operation: Operation): readonly Role[] {
  const allowed: readonly Role[] | typeof anybody = matrix[operation];
  return allowed === anybody ? roles : allowed;
}

export function mayCall({ roles: held, operation }: { roles: readonly Role[]; operation: Operation }): boolean {
  return held.some((role) => rolesFor(operation).includes(role));
}

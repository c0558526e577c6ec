/** `reserveBudget`, `reserveBudget:2`, …: the id of a step's visit, of its activity and of its task. */
export const visitId = ({ step, visit }: { step: string; visit: number }): string => (visit === 1 ? step : `${step}:${visit}`);

const undo = 'undo:';
/** The id of the compensation of what has this id. */
export const undoing = (id: string): string => `${undo}${id}`;
/** Of a compensation: the id of what it undoes. */
export const undoneAt = (id: string): string => id.slice(undo.length);
export const isUndoing = (id: string): boolean => id.startsWith(undo);

/**
 * A visit that an operator had asked with another input is to a system something else: `pay~1`, the first other one. Keys and compensations have this id, the activity keeps
 * that of its visit. Of a compensation it is `undo~1:pay`, since `undo:pay~1` undoes `pay~1`.
 */
export function changedId({ id, changes }: { id: string; changes: number }): string {
  if (changes === 0) return id;
  return isUndoing(id) ? `undo~${changes}:${undoneAt(id)}` : `${id}~${changes}`;
}

/** The step and the visit that an id stands for. */
export function placeOf(id: string): { readonly step: string; readonly visit: number } {
  const [, step = id, visit = '1'] = /^(.+?)(?::(\d+))?(?:~\d+)?$/.exec(id) ?? [];
  return { step, visit: Number(visit) };
}

/** The visit that an activity belongs to: its own, that which it undoes or shows, or that of the sub-process whose effect it undoes. */
export const visitOf = (activityId: string): string => {
  const [first = ''] = activityId.replace(/^(?:undo|show):/, '').split('/');
  return visitId(placeOf(first));
};

/** What Temporal's Web UI shows of a timer; a timer has no id of our own, so the visit's stands in it. */
export const timerSummary = ({ title, id }: { title: string; id: string }): string => `${title} · ${id}`;
/** The id of the visit that a timer's summary names; of another timer's, anything. */
export const visitOfTimer = (summary: string): string => summary.slice(summary.lastIndexOf(' · ') + 3);

/** The key that stays the same over retries, crashes, continue-as-new and resets; printable ASCII, so that it can be a header. */
export const idempotencyKey = ({ instanceId, generation, activityId }: { instanceId: string; generation: string; activityId: string }): string =>
  `${encodeURI(instanceId)}#${generation}/${activityId}`;

export const instanceId = ({ process, businessKey }: { process: string; businessKey: string }): string => `${process}/${businessKey}`;

/** The process and the business key that an instance's id is made of. */
export const partsOf = (id: string): { readonly process: string; readonly businessKey: string } => {
  const slash = id.indexOf('/');
  return { process: id.slice(0, slash), businessKey: id.slice(slash + 1) };
};

/** The path of an instance in the API. */
export const pathOf = (id: string): string => `/api/instances/${encodeURIComponent(id)}`;

/** Characters. */
export const longestInstanceId = 600;

/** The instance that a step of `parent` runs: `<process>/<parent's id>/<visit's id>`. */
export const subInstanceId = ({ process, parent, id }: { process: string; parent: string; id: string }): string => instanceId({ process, businessKey: `${parent}/${id}` });
/** The id of the visit that runs a sub-process. */
export const visitOfSubInstance = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

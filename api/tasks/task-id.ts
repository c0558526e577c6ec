import { z } from 'zod';

/** `<instance id>/<task>`; the task is the part after the last slash, since a business key may contain slashes. */
export const TaskId = z
  .string()
  .max(800)
  .regex(/^[a-z][A-Za-z0-9]*\/[^]+\/[A-Za-z][A-Za-z0-9:]*$/, 'a task id is <process>/<business key>/<task>; in a path its "/" are written %2F')
  .describe('`<instance id>/<task>`, percent-encoded: `supplierInvoice%2F4711%2FapproveInvoice`');

export const taskIdOf = ({ instance, task }: { instance: string; task: string }): string => `${instance}/${task}`;

export function partsOfTaskId(id: string): { readonly instance: string; readonly task: string } {
  const slash = id.lastIndexOf('/');
  return { instance: id.slice(0, slash), task: id.slice(slash + 1) };
}

import { instanceId } from './ids.ts';
import type { Actor } from './verbs.ts';

/** The operation that watches over a group of incidents until its system answers again. It is no step, so no step may have its id. */
export const watch = { process: 'watch', id: (group: string): string => instanceId({ process: 'watch', businessKey: group }) } as const;
/** In whose name the product itself acts. */
export const product: Actor = { user: 'throughline', groups: [] };

import { z } from 'zod';

/** Somebody who is to begin. */
export const Hire = z.strictObject({
  personnelNumber: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  name: z.string().min(1).max(100),
  /** Where the person is reached until there is an account. */
  email: z.email(),
  jobTitle: z.string().min(1).max(100),
  department: z.string().min(1).max(40),
  /** The user who hires, and so approves nothing. */
  manager: z.string().min(1).max(100),
  /** The bundle of equipment. */
  bundle: z.string().min(1).max(40),
  site: z.string().min(1).max(40),
  firstDay: z.iso.datetime({ offset: true }),
});
export type Hire = z.infer<typeof Hire>;

const daysBefore = ({ firstDay, days }: { firstDay: string; days: number }): string => new Date(Date.parse(firstDay) - days * 86_400_000).toISOString();

/** By when all must be there. */
export const readyBy = ({ firstDay }: Pick<Hire, 'firstDay'>): string => daysBefore({ firstDay, days: 1 });
/** When those are reminded on whom it still depends. */
export const remindedAt = ({ firstDay }: Pick<Hire, 'firstDay'>): string => daysBefore({ firstDay, days: 3 });

import { z } from 'zod';
import type { InstanceStatus } from '../../visibility/instance-view.ts';

const byStatus: Readonly<Record<InstanceStatus, string>> = {
  running: "ExecutionStatus = 'Running'",
  completed: "ExecutionStatus = 'Completed'",
  rejected: "ExecutionStatus = 'Failed' AND Outcome = 'rejected'",
  failed: "ExecutionStatus = 'Failed' AND (Outcome IS NULL OR Outcome != 'rejected')",
  cancelled: "ExecutionStatus = 'Canceled'",
  terminated: "ExecutionStatus = 'Terminated'",
  timedOut: "ExecutionStatus = 'TimedOut'",
};

export const statuses = Object.keys(byStatus) as readonly InstanceStatus[];
export const InstanceStatusSchema = z.enum(statuses as [InstanceStatus, ...InstanceStatus[]]);

/** The condition of a visibility query for a status. */
export const whereStatus = (status: InstanceStatus): string => byStatus[status];

import { allOf, among, quote } from './query.ts';

interface Running {
  /** Other workflows may live in the same namespace; they are no instances. */
  readonly processes?: readonly string[] | undefined;
  readonly waitingFor?: string | undefined;
  readonly group?: string | undefined;
}

/** The visibility query for running instances of these processes, of which an open incident is in the group, and which wait for a group or a system. */
export function runningWhere({ processes, waitingFor, group }: Running): string {
  return allOf(
    processes && among('WorkflowType', processes),
    "ExecutionStatus = 'Running'",
    waitingFor === undefined ? undefined : `WaitingFor = ${quote(waitingFor)}`,
    group === undefined ? undefined : `Incidents = ${quote(group)}`,
  );
}

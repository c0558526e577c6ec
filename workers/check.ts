import type { Implementation } from '../activities/implement.ts';
import type { ActivityContract, CompensationContract } from '../contracts/define/activity.ts';
import type { ProcessContract } from '../contracts/define/process.ts';

interface Inventory {
  readonly processes: readonly ProcessContract[];
  readonly activities: readonly (ActivityContract | CompensationContract)[];
  readonly implementations: readonly Implementation[];
  /** The names that the workflow bundle exports. */
  readonly flows: readonly string[];
}

/** Everything that would otherwise fail an instance later; a worker with a hole refuses to start. */
export function holesIn({ processes, activities, implementations, flows }: Inventory): readonly string[] {
  const implemented = new Set(implementations.map(({ implements: contract }) => contract));
  const steps = processes.flatMap((process) => Object.entries(process.steps).map(([step, contract]) => ({ process, step, contract: contract.contract === 'optional' ? contract.asks : contract })));
  const asked = steps.flatMap(({ contract }) => (contract.contract === 'activity' ? contract : []));
  const wanted = new Set([...activities, ...asked, ...[...activities, ...asked].flatMap(compensationOf)]);
  const names = new Set(processes.map(({ name }) => name));
  return [
    ...[...wanted]
      .filter((contract) => !implemented.has(contract))
      .map(({ name }) => `activity "${name}" has no implementation: write implement(…) for it under activities/`),
    ...[...implemented]
      .filter((contract) => !wanted.has(contract))
      .map(({ name }) => `the implementation of "${name}" belongs to no contract under contracts/activities/: export its contract there`),
    ...[...names]
      .filter((name) => !flows.includes(name))
      .map((name) => `process "${name}" has no flow: export it under this name from workflows/index.ts`),
    ...steps
      .filter(({ contract }) => contract.contract === 'process' && !names.has(contract.name))
      .map(({ process, step, contract }) => `step "${step}" of process "${process.name}" runs the process "${contract.name}", which is not defined under contracts/processes/: export its contract there`),
    ...flows
      .filter((name) => !names.has(name))
      .map((name) => `workflows/index.ts exports "${name}", but no process of this name is defined under contracts/processes/`),
  ];
}

function compensationOf(contract: ActivityContract | CompensationContract): readonly CompensationContract[] {
  return contract.contract === 'activity' && contract.compensation ? [contract.compensation] : [];
}

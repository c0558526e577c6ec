import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { isUndoing } from '../contracts/ids.ts';
import { faultOf, type FaultName, isDeath, type Order, type Place, type PlannedFault } from './faults.ts';

/** What a worker asks before it does what an activity is asked for, and after; `late`: it waits for the moment at which it acts too late; `broken`: it tells the answer in whose place it broke the contract. */
export const Asked = z.strictObject({ instance: z.string(), place: z.string(), moment: z.enum(['before', 'after', 'broken', 'late', 'acted late']), answer: z.unknown().optional() });
export type Asked = z.infer<typeof Asked>;
export const Told = z.object({ order: z.string() });

/** What an operator does because a fault has struck. */
export interface OperatorsErrand {
  /** Until then, who was told to stay stays. */
  readonly ready: Promise<unknown>;
  /** For as long as it is due and not over, the instance does nothing else. */
  readonly holds?: { readonly isDue: () => Promise<boolean>; readonly over: Promise<unknown> };
}
export type OnStrike = (struck: PlannedFault) => OperatorsErrand | undefined;
/** Whether an activity of a sub-process, which the instance runs at a place of its own, has to wait. */
export type HoldsUp = (asked: { readonly at: Place; readonly sub: string; readonly place: Place }) => boolean;

interface Planned extends PlannedFault {
  struck: boolean;
  errand?: OperatorsErrand | undefined;
}
interface Patient {
  readonly faults: readonly Planned[];
  readonly onStrike: OnStrike;
  readonly holdsUp: HoldsUp;
  /** What activities answered, where something else was answered in its place. */
  readonly answers: Map<Place, unknown>;
  /** The activities that were asked, in their order, each once. */
  readonly trace: Place[];
  over: boolean;
  readonly late: { readonly go: Promise<void>; readonly tell: () => void; open: number };
}
/** Somebody who is to be there when the worker is killed: first at the gate, then let through, then held. */
interface Doomed {
  readonly instance: string;
  readonly planned: Planned;
  state: 'at the gate' | 'let through' | 'held';
  readonly passed: { readonly wait: Promise<void>; readonly tell: () => void };
  readonly buried: { readonly wait: Promise<void>; readonly tell: () => void };
}

export type Desk = Awaited<ReturnType<typeof startDesk>>;

/** Where workers ask what is to go wrong; it outlives them, so it knows what has struck already. */
export async function startDesk() {
  const patients = new Map<string, Patient>();
  const doomed = new Set<Doomed>();

  const next = (instance: string, place: Place): Planned | undefined => {
    const { over, faults } = patients.get(instance) ?? { over: true, faults: [] };
    return over ? undefined : faults.find((one) => one.place === place && !one.struck);
  };
  const strike = (instance: string, planned: Planned): void => {
    planned.struck = true;
    planned.errand = patients.get(instance)?.onStrike(planned);
    void planned.errand?.holds?.over.then(() => (planned.errand = undefined));
  };
  const doomedOf = (instance: string, planned: Planned): Doomed => {
    const known = [...doomed].find((one) => one.instance === instance && one.planned === planned);
    if (known) return known;
    const fresh: Doomed = { instance, planned, state: 'at the gate', passed: promise(), buried: promise() };
    doomed.add(fresh);
    return fresh;
  };

  /** Waits for operators who are to meet the instance where it is: whether it was so. */
  const isHeldUp = async (instance: string): Promise<boolean> => {
    for (const { errand } of patients.get(instance)?.faults ?? []) {
      if (!errand?.holds || !(await errand.holds.isDue())) continue;
      await errand.holds.over;
      return true;
    }
    return false;
  };

  const isHeldUpAround = (sub: string, place: Place): boolean =>
    [...patients].some(([outer, { over, holdsUp }]) => {
      const [, at] = sub.split(`/${outer}/`);
      return !over && at !== undefined && holdsUp({ at, sub, place });
    });

  /** `undefined` is never answered. */
  const orderFor = async ({ instance, place, moment }: Asked): Promise<Order | undefined> => {
    const patient = patients.get(instance);
    if (moment === 'before' && patient && !patient.trace.includes(place)) patient.trace.push(place);
    // What is undone is undone because somebody goes back.
    if (moment === 'before' && !isUndoing(place) && ((await isHeldUp(instance)) || isHeldUpAround(instance, place))) return 'wait';
    // It would end before the worker dies, while others are still on their way to where they are to die.
    if (moment === 'before' && [...doomed].some((one) => one.instance === instance && one.state === 'held' && one.planned.place !== place)) return undefined;
    const planned = next(instance, place);
    if (!planned) return 'go';
    const { order, moment: due } = faultOf(planned.fault);
    if (isDeath(planned.fault)) {
      const one = doomedOf(instance, planned);
      if (one.state === 'at the gate') return 'wait';
      if (moment !== due) return 'go';
      one.state = 'held';
      return undefined;
    }
    if (moment !== due) return 'go';
    strike(instance, planned);
    if (order === 'act late' && patient) patient.late.open += 1;
    if (order !== 'stay') return order;
    await planned.errand?.ready;
    return 'go';
  };

  const answer = async (asked: Asked): Promise<Order | undefined> => {
    const late = patients.get(asked.instance)?.late;
    if (asked.moment === 'late') return late?.go.then(() => 'go');
    if (asked.moment === 'broken') patients.get(asked.instance)?.answers.set(asked.place, asked.answer);
    if (asked.moment === 'acted late' && late) late.open = Math.max(0, late.open - 1);
    return asked.moment === 'acted late' || asked.moment === 'broken' ? 'go' : orderFor(asked);
  };

  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      void answer(Asked.parse(JSON.parse(text))).then((order) => {
        if (order !== undefined) response.setHeader('content-type', 'application/json').end(JSON.stringify({ order }));
      });
    });
  });
  // Who is held waits as long as it takes.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan({ instance, faults, onStrike, holdsUp = () => false }: { instance: string; faults: readonly PlannedFault[]; onStrike: OnStrike; holdsUp?: HoldsUp }): void {
      const { wait: go, tell } = promise();
      patients.set(instance, { faults: faults.map((one) => ({ ...one, struck: false })), onStrike, holdsUp, trace: [], answers: new Map(), over: false, late: { go, tell, open: 0 } });
    },
    /** The fault that is due where no activity is asked, but a person, the clock or somebody outside. */
    due: (instance: string, place: Place): FaultName | undefined => next(instance, place)?.fault,
    /** Settles when the operator has done what was to be done while it waits there. */
    async strike(instance: string, place: Place): Promise<void> {
      const planned = next(instance, place);
      if (planned) strike(instance, planned);
      await planned?.errand?.ready;
    },
    /** Waits until the worker is about to be killed. */
    untilGate(instance: string, place: Place): Promise<void> {
      const planned = next(instance, place);
      return planned ? doomedOf(instance, planned).passed.wait : Promise.resolve();
    },
    /** Waits until it was killed. */
    untilKilled(instance: string, place: Place): Promise<void> {
      const planned = next(instance, place);
      if (!planned) return Promise.resolve();
      const one = doomedOf(instance, planned);
      one.state = 'held';
      return one.buried.wait;
    },
    struck: (instance: string): readonly PlannedFault[] => patients.get(instance)?.faults.filter((one) => one.struck) ?? [],
    left: (instance: string): readonly PlannedFault[] => patients.get(instance)?.faults.filter((one) => !one.struck) ?? [],
    /** What an activity answered, where it was told to break its contract. */
    answer: (instance: string, place: Place): unknown => patients.get(instance)?.answers.get(place),
    trace: (instance: string): readonly Place[] => patients.get(instance)?.trace ?? [],
    /** The instance has ended: whoever is to act too late does so now, and whoever waits for a kill waits no longer. */
    end(instance: string): void {
      const patient = patients.get(instance);
      if (!patient) return;
      patient.over = true;
      patient.late.tell();
      for (const one of doomed) {
        if (one.instance !== instance) continue;
        doomed.delete(one);
        one.passed.tell();
        one.buried.tell();
      }
    },
    isOver: (instance: string): boolean => patients.get(instance)?.over === true,
    /** Whether nobody of this instance is still to act too late: they have done so, or died with their worker. */
    actedLate: (instance: string): boolean => (patients.get(instance)?.late.open ?? 0) === 0,
    deaths: {
      /** The instances whose worker is still to die. */
      ahead: (): readonly string[] => [...patients].filter(([, { faults, over }]) => !over && faults.some(({ fault, struck }) => !struck && isDeath(fault))).map(([id]) => id),
      /** Whether the worker may be killed as far as this instance is concerned. */
      isReady: (instance: string): boolean => [...doomed].some((one) => one.instance === instance && one.state !== 'let through'),
      openGate(): void {
        for (const one of doomed) {
          if (one.state === 'at the gate') one.state = 'let through';
          one.passed.tell();
        }
      },
      allHeld: (): boolean => [...doomed].every(({ state }) => state === 'held'),
      /** After the kill: whom it hit has had its fault, the others come again; and who was to act too late never will. */
      bury(): void {
        for (const one of doomed) {
          // Who came when the gate had been opened waits for the next kill.
          if (one.state === 'at the gate') continue;
          if (one.state === 'held') strike(one.instance, one.planned);
          doomed.delete(one);
          one.buried.tell();
        }
        for (const { late } of patients.values()) late.open = 0;
      },
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function promise(): { readonly wait: Promise<void>; readonly tell: () => void } {
  let tell: () => void = () => undefined;
  const wait = new Promise<void>((resolve) => (tell = resolve));
  return { wait, tell };
}

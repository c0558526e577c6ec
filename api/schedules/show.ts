import { pathOf } from '../../contracts/ids.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { KeptSchedule, ScheduleEntry } from '../temporal/kept-schedule.ts';
import { wordsOf } from './duration.ts';
import { noteIn } from './note.ts';
import { pathOfItsInstances, pathOfSchedule, type Schedule, type ScheduleRow } from './schedule.ts';

interface Deps {
  readonly definitions: Definitions;
  readonly webUi: (execution: { id: string; runId: string }) => string | null;
  readonly webUiOfSchedule: (id: string) => string | null;
}

export interface Show {
  row(entry: ScheduleEntry): ScheduleRow;
  schedule(kept: KeptSchedule): Schedule;
  /** Why what the schedule starts could not run; `null` where it can. */
  problemOfStart(kept: Pick<KeptSchedule, 'process' | 'input'>): string | null;
}

const nothingLeft = 'none of its times is left: it starts nothing more, and goes by itself after 7 days. Change its "spec" with PUT, or delete it.';

/** How schedules are shown. What they start is checked again each time: the process may have changed since, or be gone. */
export function createShow({ definitions, webUi, webUiOfSchedule }: Deps): Show {
  const processOf = (name: string) => definitions.current.find(({ contract }) => contract.name === name);

  const gone = (process: string): string | null =>
    processOf(process) ? null : `process "${process}" is not deployed here any more: what this schedule starts waits for a worker that knows it. Delete the schedule, or deploy the process again.`;

  function problemOfStart({ process, input }: Pick<KeptSchedule, 'process' | 'input'>): string | null {
    const parsed = processOf(process)?.contract.input.safeParse(input);
    if (!parsed) return gone(process);
    if (parsed.success) return null;
    const issues = parsed.error.issues.slice(0, 20).map(({ path, message }) => `${['input', ...path].join('.')}: ${message}`);
    return `the input does not fit process "${process}" any more, so that each instance fails at its start: ${issues.join('; ')}. Change the schedule with PUT, or delete it.`;
  }

  function row(entry: ScheduleEntry): ScheduleRow {
    const { id, process, createdBy, paused, note, nextTimes, recentStarts } = entry;
    return {
      id,
      process,
      title: definitions.of({ process, digest: null })?.title ?? process,
      createdBy,
      paused,
      note: noteIn(note),
      nextTimes,
      recentStarts: recentStarts.map(({ id: instance, runId, scheduledFor, startedAt }) => ({
        instance,
        scheduledFor,
        startedAt,
        links: { instance: pathOf(instance), webUi: webUi({ id: instance, runId }) },
      })),
      problem: gone(process),
      links: { self: pathOfSchedule(id), instances: pathOfItsInstances(id), webUi: webUiOfSchedule(id) },
    };
  }

  return {
    row,
    problemOfStart,
    schedule(kept) {
      const { input, spec, overlap, catchupWindow, createdAt, changedAt, counts } = kept;
      const problem = problemOfStart(kept) ?? (kept.nextTimes.length === 0 ? nothingLeft : null);
      return { ...row(kept), problem, input, spec, overlap, catchupWindow: wordsOf(catchupWindow), createdAt, changedAt, counts };
    },
  };
}

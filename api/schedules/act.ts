import { conflict } from '../../contracts/failures.ts';
import type { Caller } from '../access/caller.ts';
import type { KeptSchedule } from '../temporal/kept-schedule.ts';
import { deleteSchedule, patchSchedule, readSchedule } from '../temporal/schedules.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { type Answer, answer } from '../http/answer.ts';
import { noteIn, noteOf } from './note.ts';
import type { Schedule } from './schedule.ts';
import type { Show } from './show.ts';
import type { InTurn } from './turns.ts';

export interface NoteRequest {
  readonly id: string;
  readonly reason: string;
  readonly caller: Caller;
}

export interface Acts {
  pause(request: NoteRequest): Promise<Schedule>;
  resume(request: NoteRequest): Promise<Schedule>;
  remove(request: { readonly id: string; readonly caller: Caller }): Promise<Answer>;
}

/** All throw NotFound. Pausing what is paused is a conflict that names who did it and why, unless it is the same request once more. */
export function createActs({ temporal, show, inTurn }: { temporal: Temporal; show: Show; inTurn: InTurn }): Acts {
  async function switchTo({ done, request: { id, reason, caller } }: { done: 'paused' | 'resumed'; request: NoteRequest }): Promise<Schedule> {
    const kept = await readSchedule(temporal, id);
    const note = noteOf({ done, by: caller.user, reason });
    if (kept.paused === (done === 'paused')) {
      if (kept.note === note) return show.schedule(kept);
      throw conflict(`schedule "${id}" is ${kept.paused ? 'paused' : 'not paused'} already${lastWord(kept)}. ${kept.paused ? 'Resume it first to pause it with another reason.' : 'There is nothing to resume.'}`);
    }
    if (done === 'resumed') requireRunnable({ show, kept });
    const patch = done === 'paused' ? { pause: note } : { unpause: note };
    return show.schedule(await patchSchedule(temporal, { id, user: caller.user, patch, took: ({ paused }) => paused === (done === 'paused') }));
  }

  return {
    pause: (request) => inTurn(request.id, () => switchTo({ done: 'paused', request })),
    resume: (request) => inTurn(request.id, () => switchTo({ done: 'resumed', request })),
    async remove({ id, caller: { user } }) {
      await readSchedule(temporal, id);
      await deleteSchedule(temporal, { id, user });
      return answer({ status: 204, body: undefined });
    },
  };
}

function lastWord({ note }: KeptSchedule): string {
  const known = noteIn(note);
  return known === null ? '' : ` (${known.by ?? 'not by this API'}: ${known.reason})`;
}

/** @throws Conflict where what the schedule starts could not run */
export function requireRunnable({ show, kept }: { show: Show; kept: KeptSchedule }): void {
  const problem = show.problemOfStart(kept);
  if (problem !== null) throw conflict(`schedule "${kept.id}" must not start anything now: ${problem}`);
}

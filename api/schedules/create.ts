import { randomUUID } from 'node:crypto';
import { digestOf } from '../../contracts/define/digest.ts';
import { conflict, invalidInput } from '../../contracts/failures.ts';
import type { DocumentStore } from '../../documents/store.ts';
import type { Caller } from '../access/caller.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { type Answer, answer } from '../http/answer.ts';
import { checkedInput } from '../instances/checked-input.ts';
import { requireDocuments } from '../instances/referenced-documents.ts';
import { type RequestKeys, requireKey } from '../requests/request-keys.ts';
import { createSchedule, deleteSchedule, readSchedule, readScheduleIfThere, type ScheduleContent, updateSchedule } from '../temporal/schedules.ts';
import type { Temporal } from '../../engine/temporal.ts';
import { secondsOf } from './duration.ts';
import { noteOf } from './note.ts';
import { type ChangeBody, type CreateBody, pathOfSchedule, type Schedule } from './schedule.ts';
import type { Show } from './show.ts';
import type { InTurn } from './turns.ts';

export interface CreateRequest {
  readonly body: CreateBody;
  readonly idempotencyKey: string | undefined;
  readonly caller: Caller;
}

export interface ChangeRequest {
  readonly id: string;
  readonly body: ChangeBody;
  readonly caller: Caller;
}

export interface Deps {
  readonly temporal: Temporal;
  readonly definitions: Definitions;
  readonly store: DocumentStore;
  readonly requestKeys: RequestKeys;
  readonly show: Show;
}

/** Makes a schedule, or answers with the one that this very request has made before. */
export function createCreate(deps: Deps): (request: CreateRequest) => Promise<Answer> {
  return async ({ body, idempotencyKey, caller: { user } }) => {
    const content = contentOf(deps, body);
    const { created, schedule } = await deps.requestKeys.once<{ id: string }, { created: boolean; schedule: Schedule }>({
      key: requireKey(idempotencyKey),
      user,
      asked: { schedule: body },
      plan: async () => {
        await requireDocuments({ store: deps.store, input: content.input });
        return { id: body.id ?? randomUUID() };
      },
      carryOut: ({ id }) => make(deps, { id, body, content, user }),
    });
    return answer({ status: created ? 201 : 200, headers: { location: pathOfSchedule(schedule.id) }, body: schedule });
  };
}

interface Making {
  readonly id: string;
  readonly body: CreateBody;
  readonly content: ScheduleContent;
  readonly user: string;
}

async function make({ temporal, show }: Deps, { id, body, content, user }: Making): Promise<{ created: boolean; schedule: Schedule }> {
  const asked = digestOf({ ...body, id });
  const notes = body.paused ? noteOf({ done: 'paused', by: user, reason: 'made so' }) : '';
  const created = await createSchedule(temporal, { id, content, user, asked, state: { paused: body.paused, notes } });
  if (!created) {
    const kept = await readScheduleIfThere(temporal, id);
    if (kept?.createdBy === user && kept.asked === asked) return { created, schedule: show.schedule(kept) };
    throw conflict(`schedule "${id}" exists already${kept ? `, made by ${kept.createdBy} at ${kept.createdAt}` : ''}. Choose another id, change that one with PUT ${pathOfSchedule(id)}, or delete it first.`);
  }
  const kept = await readSchedule(temporal, id);
  if (kept.nextTimes.length === 0) {
    await deleteSchedule(temporal, { id, user });
    const message = 'none of its times lies ahead: look at the dates (there is no 30 February), "startAt" and "endAt"';
    throw invalidInput(`spec: ${message}. No schedule was made.`, { issues: [{ path: 'spec', message }] });
  }
  return { created, schedule: show.schedule(kept) };
}

/** Replaces what a schedule starts and when; whether it is paused stays. */
export function createChange({ inTurn, ...deps }: Deps & { inTurn: InTurn }): (request: ChangeRequest) => Promise<Schedule> {
  return ({ id, body, caller: { user } }) =>
    inTurn(id, async () => {
      const kept = await readSchedule(deps.temporal, id);
      const content = contentOf(deps, { ...body, process: kept.process });
      await requireDocuments({ store: deps.store, input: content.input });
      return deps.show.schedule(await updateSchedule(deps.temporal, { kept, content, user }));
    });
}

function contentOf({ definitions }: Deps, { process, input, spec, overlap, catchupWindow }: ChangeBody & { process: string }): ScheduleContent {
  const known = definitions.current.find(({ contract }) => contract.name === process);
  if (!known) {
    const message = `there is no process "${process}"; processes: ${definitions.current.map(({ contract }) => contract.name).join(', ') || 'none'}`;
    throw invalidInput(`process: ${message}`, { issues: [{ path: 'process', message }] });
  }
  return { known, input: checkedInput({ known, input }), spec, overlap, catchupWindow: secondsOf(catchupWindow) };
}

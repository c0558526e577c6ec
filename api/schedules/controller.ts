import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Caller, CallerOf } from '../access/caller.ts';
import type { Answer } from '../http/answer.ts';
import { Serves } from '../http/serves.ts';
import { BackfillBody, Backfilled, ChangeBody, CreateBody, NoteBody, Schedule, ScheduleId, TriggerBody, Triggered } from './schedule.ts';
import { ScheduleList, ScheduleQuery, type Schedules } from './schedules.ts';

export const schedulesToken = Symbol('schedules');

const id = { schema: ScheduleId };
const idempotencyKey = { name: 'Idempotency-Key', required: false, description: 'Makes a repetition of this very request get the first answer; kept for 30 days, for each user.' };

@ApiTags('schedules')
@Controller('api/schedules')
export class SchedulesController {
  readonly #schedules: Schedules;

  constructor(@Inject(schedulesToken) schedules: Schedules) {
    this.#schedules = schedules;
  }

  @Post()
  @ApiHeader(idempotencyKey)
  @Serves('schedules.create', {
    summary: 'Start a process at times',
    description: 'Each start is an ordinary instance, `<process>/<schedule id>-<time>`, in the name of the user who made the schedule.',
    answers: { 201: { is: 'Made.', json: Schedule }, 200: { is: 'This very request has made it before: this is how it is now.', json: Schedule } },
    problems: [409, 413, 415, 422, 503],
  })
  create(@Body({ schema: CreateBody }) body: CreateBody, @Headers('idempotency-key') key: string | undefined, @CallerOf() caller: Caller): Promise<Answer> {
    return this.#schedules.create({ body, idempotencyKey: key, caller });
  }

  @Get()
  @Serves('schedules.list', {
    summary: 'All schedules, in the order in which Temporal lists them',
    description: "Read from Temporal's visibility, which may lag behind by about a second; GET of one schedule never does.",
    answers: { 200: { is: 'A stretch of the list.', json: ScheduleList } },
    problems: [503],
  })
  list(@Query({ schema: ScheduleQuery }) query: ScheduleQuery): Promise<z.infer<typeof ScheduleList>> {
    return this.#schedules.list(query);
  }

  @Get(':id')
  @Serves('schedules.read', {
    summary: 'One schedule: what it starts and when, the next times, the last starts',
    answers: { 200: { is: 'The schedule.', json: Schedule } },
    problems: [404, 503],
  })
  read(@Param('id', id) schedule: string): Promise<Schedule> {
    return this.#schedules.read(schedule);
  }

  @Put(':id')
  @Serves('schedules.change', {
    summary: 'Replace what a schedule starts and when',
    description: 'Whether it is paused stays, and who made it; instances that were started go on as they are.',
    answers: { 200: { is: 'The schedule as it is now.', json: Schedule } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  change(@Param('id', id) schedule: string, @Body({ schema: ChangeBody }) body: ChangeBody, @CallerOf() caller: Caller): Promise<Schedule> {
    return this.#schedules.change({ id: schedule, body, caller });
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Serves('schedules.pause', {
    summary: 'Start nothing until it is resumed; what runs goes on',
    answers: { 200: { is: 'It is paused.', json: Schedule } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  pause(@Param('id', id) schedule: string, @Body({ schema: NoteBody }) { reason }: z.infer<typeof NoteBody>, @CallerOf() caller: Caller): Promise<Schedule> {
    return this.#schedules.pause({ id: schedule, reason, caller });
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Serves('schedules.resume', {
    summary: 'Go on with a paused schedule; times that passed are not made up for',
    answers: { 200: { is: 'It goes on.', json: Schedule } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  resume(@Param('id', id) schedule: string, @Body({ schema: NoteBody }) { reason }: z.infer<typeof NoteBody>, @CallerOf() caller: Caller): Promise<Schedule> {
    return this.#schedules.resume({ id: schedule, reason, caller });
  }

  @Post(':id/trigger')
  @HttpCode(202)
  @ApiHeader(idempotencyKey)
  @Serves('schedules.trigger', {
    summary: 'Start it once now, also while it is paused',
    answers: { 202: { is: 'It is being started.', json: Triggered } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  trigger(@Param('id', id) schedule: string, @Body({ schema: TriggerBody }) body: TriggerBody, @Headers('idempotency-key') key: string | undefined, @CallerOf() caller: Caller): Promise<Triggered> {
    return this.#schedules.trigger({ id: schedule, body, idempotencyKey: key, caller });
  }

  @Post(':id/backfill')
  @HttpCode(202)
  @ApiHeader(idempotencyKey)
  @Serves('schedules.backfill', {
    summary: 'Start it for times that have passed and had no instance',
    answers: { 202: { is: 'They are being started.', json: Backfilled } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  backfill(@Param('id', id) schedule: string, @Body({ schema: BackfillBody }) body: BackfillBody, @Headers('idempotency-key') key: string | undefined, @CallerOf() caller: Caller): Promise<Backfilled> {
    return this.#schedules.backfill({ id: schedule, body, idempotencyKey: key, caller });
  }

  @Delete(':id')
  @Serves('schedules.delete', {
    summary: 'Delete a schedule; instances that it has started go on',
    answers: { 204: { is: 'It is gone.' } },
    problems: [404, 413, 415, 503],
  })
  remove(@Param('id', id) schedule: string, @CallerOf() caller: Caller): Promise<Answer> {
    return this.#schedules.remove({ id: schedule, caller });
  }
}

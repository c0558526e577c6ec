import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Evidence } from '../../contracts/documents.ts';
import { type Caller, CallerOf } from '../access/caller.ts';
import type { Answer } from '../http/answer.ts';
import { Serves } from '../http/serves.ts';
import { InstanceId } from './business-key.ts';
import { EndBody, Ending, type Endings } from './end.ts';
import { InstanceList, ListQuery } from './list.ts';
import type { Reader } from './read.ts';
import type { StartRequest } from './start.ts';
import { StartBody, Started } from './start-body.ts';
import { type InstanceVerbs, Note, NoteBody, Pause, PauseBody, PriorityAnswer, PriorityBody, ResumeBody, RewindAnswer, RewindBody, RewindPlan, RewindQuery } from './verbs.ts';
import { Instance } from './view-schema.ts';

export interface Instances extends Reader, Endings, InstanceVerbs {
  start(request: StartRequest): Promise<Answer>;
  list(query: ListQuery): Promise<z.infer<typeof InstanceList>>;
}

export const instancesToken = Symbol('instances');

const id = { schema: InstanceId };

@ApiTags('instances')
@Controller('api')
export class InstancesController {
  readonly #instances: Instances;

  constructor(@Inject(instancesToken) instances: Instances) {
    this.#instances = instances;
  }

  @Post('processes/:name/instances')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Makes a repetition of this very request get the first answer; kept for 30 days, for each user.' })
  @Serves('instances.start', {
    summary: 'Start an instance',
    description: 'The same business key returns the first instance, also after it has ended; `restart` starts one that did not complete anew.',
    answers: { 201: { is: 'Started.', json: Started }, 200: { is: 'This business key has an instance already: this one.', json: Started } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  start(
    @Param('name', { schema: z.string() }) process: string,
    @Body({ schema: StartBody }) body: StartBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @CallerOf() caller: Caller,
  ): Promise<Answer> {
    return this.#instances.start({ process, body, idempotencyKey, caller });
  }

  @Get('instances')
  @Serves('instances.list', {
    summary: 'Instances, open ones first',
    description: 'Read from Temporal\'s visibility, which may lag behind by about a second; GET of one instance never does.',
    answers: { 200: { is: 'A stretch of the list.', json: InstanceList } },
    problems: [503],
  })
  list(@Query({ schema: ListQuery }) query: ListQuery): Promise<z.infer<typeof InstanceList>> {
    return this.#instances.list(query);
  }

  @Get('instances/:id')
  @Serves('instances.read', {
    summary: 'One instance: its status, what it waits for, every step, tasks, incidents, compensations and its story',
    description: 'Computed from the history; never stale.',
    answers: { 200: { is: 'The instance.', json: Instance } },
    problems: [404, 503],
  })
  read(@Param('id', id) instance: string): Promise<Instance> {
    return this.#instances.read(instance);
  }

  @Get('instances/:id/evidence/:name')
  @Serves('instances.evidence', {
    summary: 'A file that shows what happened in a step',
    answers: { 200: { is: 'Its bytes.', file: ['image/png', 'application/json', 'text/plain', 'application/octet-stream'] } },
    problems: [404, 503],
  })
  evidence(@Param('id', id) instance: string, @Param('name', { schema: Evidence.shape.name }) name: string): Promise<Answer> {
    return this.#instances.evidence({ id: instance, name });
  }

  @Post('instances/:id/pause')
  @HttpCode(200)
  @Serves('instances.pause', {
    summary: 'Begin no further step, in sub-processes neither',
    description: 'What has begun goes on. Timers run on, but what they lead to waits; due dates of tasks stand still.',
    answers: { 200: { is: 'It is paused.', json: Pause } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  pause(@Param('id', id) instance: string, @Body({ schema: PauseBody }) { reason }: z.infer<typeof PauseBody>, @CallerOf() caller: Caller): ReturnType<InstanceVerbs['pause']> {
    return this.#instances.pause({ id: instance, reason, caller });
  }

  @Post('instances/:id/resume')
  @HttpCode(200)
  @Serves('instances.resume', {
    summary: 'Go on after a pause',
    answers: { 200: { is: 'It goes on.', json: Pause } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  resume(@Param('id', id) instance: string, @Body({ schema: ResumeBody }) body: z.infer<typeof ResumeBody>, @CallerOf() caller: Caller): ReturnType<InstanceVerbs['resume']> {
    return this.#instances.resume({ id: instance, comment: body?.comment, caller });
  }

  @Get('instances/:id/rewind')
  @Serves('instances.rewindPlan', {
    summary: 'What it would come to if an instance went back to before a step',
    answers: { 200: { is: 'The plan.', json: RewindPlan } },
    problems: [404, 409, 503],
  })
  rewindPlan(@Param('id', id) instance: string, @Query({ schema: RewindQuery }) { step, visit }: z.infer<typeof RewindQuery>): ReturnType<InstanceVerbs['rewindPlan']> {
    return this.#instances.rewindPlan({ id: instance, step, visit: visit === undefined ? undefined : Number(visit) });
  }

  @Post('instances/:id/rewind')
  @HttpCode(202)
  @Serves('instances.rewind', {
    summary: 'Take an instance back to before a step',
    description: 'What began since is ended, and what it did is undone, newest first; then the step is asked again. Decisions that were taken since are forgotten, messages that came are there again.',
    answers: { 202: { is: 'It goes back.', json: RewindAnswer } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  rewind(@Param('id', id) instance: string, @Body({ schema: RewindBody }) body: z.infer<typeof RewindBody>, @CallerOf() caller: Caller): ReturnType<InstanceVerbs['rewind']> {
    return this.#instances.rewind({ id: instance, caller, ...body });
  }

  @Post('instances/:id/priority')
  @HttpCode(200)
  @Serves('instances.prioritise', {
    summary: 'Put an instance before others, or behind them, where workers have more to do than they can',
    description: 'For all that it asks for from now on.',
    answers: { 200: { is: 'It has this priority.', json: PriorityAnswer } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  prioritise(@Param('id', id) instance: string, @Body({ schema: PriorityBody }) body: z.infer<typeof PriorityBody>, @CallerOf() caller: Caller): ReturnType<InstanceVerbs['prioritise']> {
    return this.#instances.prioritise({ id: instance, caller, ...body });
  }

  @Post('instances/:id/notes')
  @Serves('instances.note', {
    summary: "Add a note to an instance's story",
    answers: { 201: { is: 'It is in the history.', json: Note } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  note(@Param('id', id) instance: string, @Body({ schema: NoteBody }) { text }: z.infer<typeof NoteBody>, @CallerOf() caller: Caller): ReturnType<InstanceVerbs['note']> {
    return this.#instances.note({ id: instance, text, caller });
  }

  @Post('instances/:id/cancel')
  @HttpCode(202)
  @Serves('instances.cancel', {
    summary: 'Cancel an instance; what it did is compensated',
    answers: { 202: { is: 'The request to cancel is in the history.', json: Ending } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  cancel(@Param('id', id) instance: string, @Body({ schema: EndBody }) { reason }: z.infer<typeof EndBody>, @CallerOf() caller: Caller): ReturnType<Endings['cancel']> {
    return this.#instances.cancel({ id: instance, reason, caller });
  }

  @Post('instances/:id/terminate')
  @HttpCode(200)
  @Serves('instances.terminate', {
    summary: 'End an instance at once; NOTHING is compensated',
    answers: { 200: { is: 'It has ended.', json: Ending } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  terminate(@Param('id', id) instance: string, @Body({ schema: EndBody }) { reason }: z.infer<typeof EndBody>, @CallerOf() caller: Caller): ReturnType<Endings['terminate']> {
    return this.#instances.terminate({ id: instance, reason, caller });
  }
}

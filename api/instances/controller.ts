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
import { Instance } from './view-schema.ts';

export interface Instances extends Reader, Endings {
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

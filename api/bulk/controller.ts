import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Caller, CallerOf } from '../access/caller.ts';
import { Serves } from '../http/serves.ts';
import { Bulk, BulkBody, BulkId, BulkResults, type Bulks, Preview, PreviewBody, ResultQuery } from './bulk.ts';

export const bulksToken = Symbol('bulks');

const id = { schema: BulkId };

@ApiTags('bulk')
@Controller('api/bulk')
export class BulkController {
  readonly #bulks: Bulks;

  constructor(@Inject(bulksToken) bulks: Bulks) {
    this.#bulks = bulks;
  }

  @Post('preview')
  @HttpCode(200)
  @Serves('bulk.preview', {
    summary: 'What a bulk would touch: how many instances, and the first of them',
    description: 'Touches nothing. `GET /api/instances` and `GET /api/incidents` list them all.',
    answers: { 200: { is: 'What it would touch.', json: Preview } },
    problems: [413, 415, 422, 503],
  })
  preview(@Body({ schema: PreviewBody }) { filter }: z.infer<typeof PreviewBody>): ReturnType<Bulks['preview']> {
    return this.#bulks.preview(filter);
  }

  @Post()
  @HttpCode(202)
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Makes a repetition of this very request get the first answer; kept for 30 days, for each user.' })
  @Serves('bulk.start', {
    summary: 'Say the same to all running instances that a filter finds',
    description: 'It runs in Temporal, at a limited speed, and survives restarts. Which instances are meant is settled when it begins. In their histories it stands in the name of the caller.',
    answers: { 202: { is: 'It has begun.', json: Bulk } },
    problems: [409, 413, 415, 422, 503],
  })
  start(@Body({ schema: BulkBody }) body: z.infer<typeof BulkBody>, @Headers('idempotency-key') idempotencyKey: string | undefined, @CallerOf() caller: Caller): ReturnType<Bulks['start']> {
    return this.#bulks.start({ body, idempotencyKey, caller });
  }

  @Get(':id')
  @Serves('bulk.read', {
    summary: 'How far a bulk is',
    answers: { 200: { is: 'The bulk.', json: Bulk } },
    problems: [404, 503],
  })
  read(@Param('id', id) bulk: string): ReturnType<Bulks['read']> {
    return this.#bulks.read(bulk);
  }

  @Get(':id/results')
  @Serves('bulk.results', {
    summary: 'What became of each instance',
    answers: { 200: { is: 'A stretch of the results.', json: BulkResults } },
    problems: [404, 503],
  })
  results(@Param('id', id) bulk: string, @Query({ schema: ResultQuery }) query: z.infer<typeof ResultQuery>): ReturnType<Bulks['results']> {
    return this.#bulks.results(bulk, query);
  }
}

import { Controller, Get, Headers, Inject, Param, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Answer } from '../http/answer.ts';
import type { HttpRequest } from '../http/fastify.ts';
import { Serves } from '../http/serves.ts';
import { InstanceId } from '../instances/business-key.ts';
import { allDescription, instanceDescription } from './description.ts';
import { type Events, FeedQuery } from './events.ts';

export const eventsToken = Symbol('events');

const lastEventIdHeader = { name: 'Last-Event-ID', required: false, description: 'The `id` of the last event that was got: what came after it is sent. Without it the stream begins with how things stand.' };

@ApiTags('events')
@Controller('api')
export class EventsController {
  readonly #events: Events;

  constructor(@Inject(eventsToken) events: Events) {
    this.#events = events;
  }

  @Get('instances/:id/events')
  @ApiHeader(lastEventIdHeader)
  @Serves('events.instance', {
    summary: 'What changes in one instance, as it happens (server-sent events)',
    description: instanceDescription,
    answers: { 200: { is: 'A stream that ends when the instance has ended.', events: true }, 204: { is: 'The instance has ended and all of it was told: do not connect again.' } },
    problems: [404, 503],
  })
  instance(@Param('id', { schema: InstanceId }) id: string, @Headers('last-event-id') lastEventId: string | undefined, @Req() request: HttpRequest): Promise<Answer> {
    return this.#events.ofInstance({ id, lastEventId, request });
  }

  @Get('events')
  @ApiHeader(lastEventIdHeader)
  @Serves('events.all', {
    summary: 'Which instances start, wait for somebody else, and end (server-sent events)',
    description: allDescription,
    answers: { 200: { is: 'A stream that does not end by itself.', events: true } },
    problems: [503],
  })
  all(@Query({ schema: FeedQuery }) query: FeedQuery, @Headers('last-event-id') lastEventId: string | undefined, @Req() request: HttpRequest): Promise<Answer> {
    return this.#events.ofAll({ query, lastEventId, request });
  }
}

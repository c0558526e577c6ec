import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Caller, CallerOf } from '../access/caller.ts';
import { Serves } from '../http/serves.ts';
import { InstanceId } from '../instances/business-key.ts';
import { MessageBody, type Messages, Sent } from './messages.ts';

export const messagesToken = Symbol('messages');

@ApiTags('messages')
@Controller('api/instances/:id/messages')
export class MessagesController {
  readonly #messages: Messages;

  constructor(@Inject(messagesToken) messages: Messages) {
    this.#messages = messages;
  }

  @Post(':name')
  @HttpCode(202)
  @Serves('messages.send', {
    summary: 'Bring an instance a message from the outside world',
    description: 'The step that waits for it goes on; a message that comes before its step is reached is kept for it. The same id again is dropped, so a sender that got no answer can send it again.',
    answers: { 202: { is: 'It is in the history.', json: Sent } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  send(
    @Param('id', { schema: InstanceId }) instance: string,
    @Param('name', { schema: z.string().min(1).max(60) }) name: string,
    @Body({ schema: MessageBody }) body: MessageBody,
    @CallerOf() caller: Caller,
  ): ReturnType<Messages['send']> {
    return this.#messages.send({ instance, name, body, caller });
  }
}

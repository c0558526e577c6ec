import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import type { HttpReply } from './fastify.ts';

/** What a service answers where the status or a header depends on what happened. */
export interface Answer {
  readonly answer: { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown };
}

export const answer = (parts: Answer['answer']): Answer => ({ answer: parts });

const isAnswer = (value: unknown): value is Answer => typeof value === 'object' && value !== null && 'answer' in value;

/** Keeps controllers to one line: they return what the service said, this puts it on the wire. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((value: unknown) => {
        if (!isAnswer(value)) return value;
        const reply = context.switchToHttp().getResponse<HttpReply>();
        const { status, headers = {}, body } = value.answer;
        if (status !== undefined) reply.status(status);
        for (const [name, text] of Object.entries(headers)) reply.header(name, text);
        return body;
      }),
    );
  }
}

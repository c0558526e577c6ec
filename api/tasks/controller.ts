import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { taskStates } from '../../contracts/verbs.ts';
import { type Caller, CallerOf } from '../access/caller.ts';
import { Serves } from '../http/serves.ts';
import { TaskDetails } from './task.ts';
import { TaskId } from './task-id.ts';
import { TaskList, TaskQuery, type Tasks } from './tasks.ts';

export const tasksToken = Symbol('tasks');

/** Who acts is told by the token alone: a body that names anybody is refused. */
const NoBody = z.strictObject({}).optional();
const CompleteBody = z.strictObject({
  decision: z
    .unknown()
    .refine((value) => value !== undefined, 'is missing: the form of the task says what it looks like')
    .describe("As the task's form says."),
});

const TaskAnswer = z.object({ task: z.string(), state: z.enum(taskStates), assignee: z.string().nullable() });
const Decision = z.object({ task: z.string(), decidedBy: z.string(), decidedAt: z.iso.datetime(), decision: z.unknown() });

const id = { schema: TaskId };

@ApiTags('tasks')
@Controller('api/tasks')
export class TasksController {
  readonly #tasks: Tasks;

  constructor(@Inject(tasksToken) tasks: Tasks) {
    this.#tasks = tasks;
  }

  @Get()
  @Serves('tasks.list', {
    summary: 'Open tasks: mine, and those of my groups',
    description: "Read from Temporal's visibility, which may lag behind by about a second; GET of one task never does.",
    answers: { 200: { is: 'A stretch of the list.', json: TaskList } },
    problems: [503],
  })
  list(@Query({ schema: TaskQuery }) query: TaskQuery, @CallerOf() caller: Caller): ReturnType<Tasks['list']> {
    return this.#tasks.list({ query, caller });
  }

  @Get(':id')
  @Serves('tasks.read', {
    summary: 'One open task: what is shown, and the form of the decision',
    description: 'For its candidates and for operators.',
    answers: { 200: { is: 'The task.', json: TaskDetails } },
    problems: [404, 503],
  })
  read(@Param('id', id) task: string, @CallerOf() caller: Caller): ReturnType<Tasks['read']> {
    return this.#tasks.read({ id: task, caller });
  }

  @Post(':id/claim')
  @HttpCode(200)
  @Serves('tasks.claim', {
    summary: 'Reserve a task for me',
    answers: { 200: { is: 'It is mine.', json: TaskAnswer } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  claim(@Param('id', id) task: string, @Body({ schema: NoBody }) _: unknown, @CallerOf() caller: Caller): ReturnType<Tasks['claim']> {
    return this.#tasks.claim({ id: task, caller });
  }

  @Post(':id/release')
  @HttpCode(200)
  @Serves('tasks.release', {
    summary: 'Give a task that I claimed back to its groups',
    answers: { 200: { is: 'It is anybody\'s again.', json: TaskAnswer } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  release(@Param('id', id) task: string, @Body({ schema: NoBody }) _: unknown, @CallerOf() caller: Caller): ReturnType<Tasks['release']> {
    return this.#tasks.release({ id: task, caller });
  }

  @Post(':id/complete')
  @HttpCode(200)
  @Serves('tasks.complete', {
    summary: 'Complete a task: decide',
    description: 'The same decision by the same person again gets the first answer; anybody else gets a conflict.',
    answers: { 200: { is: 'The decision as it was recorded.', json: Decision } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  complete(@Param('id', id) task: string, @Body({ schema: CompleteBody }) { decision }: z.infer<typeof CompleteBody>, @CallerOf() caller: Caller): ReturnType<Tasks['complete']> {
    return this.#tasks.complete({ id: task, decision, caller });
  }
}

import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Serves } from '../http/serves.ts';
import { ProcessDetails, type Processes, ProcessSummary } from './processes.ts';

export const processesToken = Symbol('processes');

@ApiTags('processes')
@Controller('api/processes')
export class ProcessesController {
  readonly #processes: Processes;

  constructor(@Inject(processesToken) processes: Processes) {
    this.#processes = processes;
  }

  @Get()
  @Serves('processes.list', {
    summary: 'The processes that can be started',
    answers: { 200: { is: 'All of them.', json: z.object({ processes: z.array(ProcessSummary) }) } },
  })
  list(): ReturnType<Processes['list']> {
    return this.#processes.list();
  }

  @Get(':name')
  @Serves('processes.read', {
    summary: 'One process: its steps and the schema of its input',
    answers: { 200: { is: 'The process.', json: ProcessDetails } },
    problems: [404],
  })
  read(@Param('name', { schema: z.string() }) name: string): ReturnType<Processes['read']> {
    return this.#processes.read(name);
  }
}

import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Answer } from '../http/answer.ts';
import { Serves } from '../http/serves.ts';
import { type Health, Readiness } from './health.ts';

export const healthToken = Symbol('health');

@ApiTags('health')
@Controller('api/health')
export class HealthController {
  readonly #health: Health;

  constructor(@Inject(healthToken) health: Health) {
    this.#health = health;
  }

  @Get('live')
  @Serves('health.live', { summary: 'Whether the API runs', answers: { 200: { is: 'It runs.', json: z.object({ live: z.literal(true) }) } } })
  live(): { live: true } {
    return { live: true };
  }

  @Get('ready')
  @Serves('health.ready', {
    summary: 'Whether the API can work: Temporal answers, and its directories can be written',
    answers: { 200: { is: 'It can.', json: Readiness }, 503: { is: 'It cannot; the checks say why.', json: Readiness } },
  })
  ready(): Promise<Answer> {
    return this.#health.ready();
  }
}

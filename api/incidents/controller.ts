import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Caller, CallerOf } from '../access/caller.ts';
import { Serves } from '../http/serves.ts';
import { InstanceId } from '../instances/business-key.ts';
import type { Incidents } from './incidents.ts';

export const incidentsToken = Symbol('incidents');

const RetryBody = z.strictObject({ comment: z.string().max(1_000).optional() }).optional();
const FailBody = z.strictObject({ reason: z.string().min(3).max(1_000) });
const IncidentAnswer = z.object({ incident: z.string(), resolution: z.enum(['retry', 'fail']), resolvedBy: z.string() });

const instanceId = { schema: InstanceId };
const incidentId = { schema: z.string().min(1).max(120).describe('As the instance lists it, for example `reserveBudget.1`; percent-encoded.') };

@ApiTags('incidents')
@Controller('api/instances/:id/incidents')
export class IncidentsController {
  readonly #incidents: Incidents;

  constructor(@Inject(incidentsToken) incidents: Incidents) {
    this.#incidents = incidents;
  }

  @Post(':incident/retry')
  @HttpCode(200)
  @Serves('incidents.retry', {
    summary: 'Try the step again',
    answers: { 200: { is: 'The step is tried again.', json: IncidentAnswer } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  retry(
    @Param('id', instanceId) instance: string,
    @Param('incident', incidentId) incident: string,
    @Body({ schema: RetryBody }) body: z.infer<typeof RetryBody>,
    @CallerOf() caller: Caller,
  ): ReturnType<Incidents['retry']> {
    return this.#incidents.retry({ instance, incident, caller, comment: body?.comment });
  }

  @Post(':incident/fail')
  @HttpCode(200)
  @Serves('incidents.fail', {
    summary: 'Give the step up: the instance compensates and fails',
    answers: { 200: { is: 'The step has failed.', json: IncidentAnswer } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  fail(
    @Param('id', instanceId) instance: string,
    @Param('incident', incidentId) incident: string,
    @Body({ schema: FailBody }) { reason }: z.infer<typeof FailBody>,
    @CallerOf() caller: Caller,
  ): ReturnType<Incidents['fail']> {
    return this.#incidents.fail({ instance, incident, caller, reason });
  }
}

import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { incidentVerbs } from '../../contracts/verbs.ts';
import { type Caller, CallerOf } from '../access/caller.ts';
import { Serves } from '../http/serves.ts';
import { InstanceId } from '../instances/business-key.ts';
import type { Incidents } from './incidents.ts';

export const incidentsToken = Symbol('incidents');

const RetryBody = z.strictObject({ comment: z.string().max(1_000).optional() }).optional();
const ReasonBody = z.strictObject({ reason: z.string().min(3).max(1_000) });
const IncidentAnswer = z.object({ incident: z.string(), resolution: z.enum(incidentVerbs), resolvedBy: z.string() });

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

  @Post(':incident/skip')
  @HttpCode(200)
  @Serves('incidents.skip', {
    summary: 'Go on without the step',
    description: 'For steps that their process declares `optional`.',
    answers: { 200: { is: 'The step is skipped; the process goes on.', json: IncidentAnswer } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  skip(
    @Param('id', instanceId) instance: string,
    @Param('incident', incidentId) incident: string,
    @Body({ schema: ReasonBody }) { reason }: z.infer<typeof ReasonBody>,
    @CallerOf() caller: Caller,
  ): ReturnType<Incidents['skip']> {
    return this.#incidents.skip({ instance, incident, caller, reason });
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
    @Body({ schema: ReasonBody }) { reason }: z.infer<typeof ReasonBody>,
    @CallerOf() caller: Caller,
  ): ReturnType<Incidents['fail']> {
    return this.#incidents.fail({ instance, incident, caller, reason });
  }
}

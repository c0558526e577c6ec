import { Body, Controller, HttpCode, Inject, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { IncidentGroup } from '../../contracts/incident-group.ts';
import { incidentVerbs } from '../../contracts/verbs.ts';
import { type Caller, CallerOf } from '../access/caller.ts';
import { Serves } from '../http/serves.ts';
import { InstanceId } from '../instances/business-key.ts';
import type { Incidents } from './incidents.ts';

export const incidentsToken = Symbol('incidents');

const RetryBody = z
  .strictObject({
    comment: z.string().max(1_000).optional().describe('Required with `input`.'),
    input: z.unknown().optional().describe('Takes the place of what the step was asked with; checked by its contract.'),
  })
  .optional();
const SupplyBody = z.strictObject({ output: z.unknown().describe("What the step is to give; checked by its contract. Of a compensation `{ undone: true }`: done by hand."), reason: z.string().min(3).max(1_000) });
const ReasonBody = z.strictObject({ reason: z.string().min(3).max(1_000) });
const ResolveBody = z.strictObject({
  verb: z.enum(['retry', 'skip', 'fail']),
  group: IncidentGroup.optional().describe('Only the members of this group, as `GET /api/incident-groups` names it.'),
  reason: z.string().min(3).max(1_000),
});
const ResolveAnswer = z.object({ incidents: z.array(z.string()).readonly(), resolution: z.enum(incidentVerbs), resolvedBy: z.string() });
const EditBody = z.strictObject({
  assignee: z.string().min(1).max(100).nullable().optional().describe('A user; `null` for nobody.'),
  dueAt: z.iso.datetime().nullable().optional(),
  comment: z.string().min(1).max(1_000).optional(),
});
const IncidentState = z.object({ incident: z.string(), assignee: z.string().nullable(), dueAt: z.iso.datetime().nullable() });
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

  @Post('resolve')
  @HttpCode(200)
  @Serves('incidents.resolve', {
    summary: 'Resolve all open incidents of an instance, or those of a group',
    description: 'All or none: `skip` is refused where one of them is of a step that is not optional.',
    answers: { 200: { is: 'They are resolved.', json: ResolveAnswer } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  resolve(@Param('id', instanceId) instance: string, @Body({ schema: ResolveBody }) body: z.infer<typeof ResolveBody>, @CallerOf() caller: Caller): ReturnType<Incidents['resolve']> {
    return this.#incidents.resolve({ instance, caller, ...body });
  }

  @Post(':incident/retry')
  @HttpCode(200)
  @Serves('incidents.retry', {
    summary: 'Try the step again, with another input perhaps',
    description: 'With another input the system is asked under another idempotency key. What it may have done with the former one is undone too, if it comes to that.',
    answers: { 200: { is: 'The step is tried again.', json: IncidentAnswer } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  retry(
    @Param('id', instanceId) instance: string,
    @Param('incident', incidentId) incident: string,
    @Body({ schema: RetryBody }) body: z.infer<typeof RetryBody>,
    @CallerOf() caller: Caller,
  ): ReturnType<Incidents['retry']> {
    return this.#incidents.retry({ instance, incident, caller, ...body });
  }

  @Post(':incident/supply')
  @HttpCode(200)
  @Serves('incidents.supply', {
    summary: 'Go on with an output given by hand',
    description: 'The system is not asked again. What the step did, or a person did in its place, is undone like any other effect, if it comes to that.',
    answers: { 200: { is: 'The step has ended with this output.', json: IncidentAnswer } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  supply(
    @Param('id', instanceId) instance: string,
    @Param('incident', incidentId) incident: string,
    @Body({ schema: SupplyBody }) { output, reason }: z.infer<typeof SupplyBody>,
    @CallerOf() caller: Caller,
  ): ReturnType<Incidents['supply']> {
    return this.#incidents.supply({ instance, incident, caller, output, reason });
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

  @Patch(':incident')
  @Serves('incidents.edit', {
    summary: 'Assign an incident, say until when it is to be resolved, or comment on it',
    description: 'What is left out stays as it is.',
    answers: { 200: { is: 'Whose it is, and until when it is to be resolved.', json: IncidentState } },
    problems: [404, 409, 413, 415, 422, 503],
  })
  edit(
    @Param('id', instanceId) instance: string,
    @Param('incident', incidentId) incident: string,
    @Body({ schema: EditBody }) body: z.infer<typeof EditBody>,
    @CallerOf() caller: Caller,
  ): ReturnType<Incidents['edit']> {
    return this.#incidents.edit({ instance, incident, caller, ...body });
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

import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Caller, CallerOf } from '../access/caller.ts';
import { Serves } from '../http/serves.ts';
import { GroupQuery, IncidentGroups, IncidentList, IncidentQuery, type OpenIncidents } from './list.ts';

export const openIncidentsToken = Symbol('open incidents');

@ApiTags('incidents')
@Controller('api')
export class OpenIncidentsController {
  readonly #incidents: OpenIncidents;

  constructor(@Inject(openIncidentsToken) incidents: OpenIncidents) {
    this.#incidents = incidents;
  }

  @Get('incidents')
  @Serves('incidents.list', {
    summary: 'Open incidents of all instances',
    description: "Read from Temporal's visibility, which may lag behind by about a second; GET of one instance never does.",
    answers: { 200: { is: 'A stretch of the list.', json: IncidentList } },
    problems: [503],
  })
  list(@Query({ schema: IncidentQuery }) query: IncidentQuery, @CallerOf() caller: Caller): ReturnType<OpenIncidents['list']> {
    return this.#incidents.list({ query, caller });
  }

  @Get('incident-groups')
  @Serves('incidents.groups', {
    summary: 'Open incidents by what they have in common',
    description: 'Incidents of one activity with one kind of failure are a group; so are all in which one system did not answer, whatever it was asked.',
    answers: { 200: { is: 'The groups.', json: IncidentGroups } },
    problems: [503],
  })
  groups(@Query({ schema: GroupQuery }) query: GroupQuery): ReturnType<OpenIncidents['groups']> {
    return this.#incidents.groups(query);
  }
}

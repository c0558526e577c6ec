import { beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedTemporal } from '../../temporal/start.ts';
import { operations, type Role } from '../../api/access/matrix.ts';
import { closeAfterAll, type ProblemBody, type RunningApi, startApiProcess, startOwnTemporal, type User } from './running-api.ts';

/** Who may do what, once more and by hand: v(iewer), s(tarter), w(orker), o(perator), a(dmin); `*` is anybody, without a token too. */
const agreed: Readonly<Record<string, readonly [method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, allowed: string]>> = {
  'health.live': ['GET', '/api/health/live', '*'],
  'health.ready': ['GET', '/api/health/ready', '*'],
  'docs.page': ['GET', '/api/docs', '*'],
  'docs.file': ['GET', '/api/docs/{file}', '*'],
  'docs.openapi': ['GET', '/api/openapi.json', 'vswoa'],
  'me.read': ['GET', '/api/me', 'vswoa'],
  'documents.upload': ['POST', '/api/documents', 'soa'],
  'documents.read': ['GET', '/api/documents/{sha256}', 'vswoa'],
  'processes.list': ['GET', '/api/processes', 'vswoa'],
  'processes.read': ['GET', '/api/processes/{name}', 'vswoa'],
  'instances.start': ['POST', '/api/processes/{name}/instances', 'soa'],
  'instances.list': ['GET', '/api/instances', 'vsoa'],
  'instances.read': ['GET', '/api/instances/{id}', 'vsoa'],
  'events.instance': ['GET', '/api/instances/{id}/events', 'vsoa'],
  'events.all': ['GET', '/api/events', 'vsoa'],
  'instances.evidence': ['GET', '/api/instances/{id}/evidence/{name}', 'vsoa'],
  'instances.pause': ['POST', '/api/instances/{id}/pause', 'oa'],
  'instances.resume': ['POST', '/api/instances/{id}/resume', 'oa'],
  'instances.rewindPlan': ['GET', '/api/instances/{id}/rewind', 'oa'],
  'instances.rewind': ['POST', '/api/instances/{id}/rewind', 'oa'],
  'instances.prioritise': ['POST', '/api/instances/{id}/priority', 'oa'],
  'instances.note': ['POST', '/api/instances/{id}/notes', 'oa'],
  'instances.cancel': ['POST', '/api/instances/{id}/cancel', 'oa'],
  'instances.terminate': ['POST', '/api/instances/{id}/terminate', 'a'],
  'messages.send': ['POST', '/api/instances/{id}/messages/{name}', 'soa'],
  'incidents.list': ['GET', '/api/incidents', 'voa'],
  'incidents.groups': ['GET', '/api/incident-groups', 'voa'],
  'incidents.resolve': ['POST', '/api/instances/{id}/incidents/resolve', 'oa'],
  'incidents.retry': ['POST', '/api/instances/{id}/incidents/{incident}/retry', 'oa'],
  'incidents.supply': ['POST', '/api/instances/{id}/incidents/{incident}/supply', 'oa'],
  'incidents.edit': ['PATCH', '/api/instances/{id}/incidents/{incident}', 'oa'],
  'incidents.skip': ['POST', '/api/instances/{id}/incidents/{incident}/skip', 'oa'],
  'incidents.fail': ['POST', '/api/instances/{id}/incidents/{incident}/fail', 'oa'],
  'bulk.preview': ['POST', '/api/bulk/preview', 'oa'],
  'bulk.start': ['POST', '/api/bulk', 'oa'],
  'bulk.read': ['GET', '/api/bulk/{id}', 'voa'],
  'bulk.results': ['GET', '/api/bulk/{id}/results', 'voa'],
  'schedules.create': ['POST', '/api/schedules', 'oa'],
  'schedules.list': ['GET', '/api/schedules', 'vsoa'],
  'schedules.read': ['GET', '/api/schedules/{id}', 'vsoa'],
  'schedules.change': ['PUT', '/api/schedules/{id}', 'oa'],
  'schedules.pause': ['POST', '/api/schedules/{id}/pause', 'oa'],
  'schedules.resume': ['POST', '/api/schedules/{id}/resume', 'oa'],
  'schedules.trigger': ['POST', '/api/schedules/{id}/trigger', 'oa'],
  'schedules.backfill': ['POST', '/api/schedules/{id}/backfill', 'oa'],
  'schedules.delete': ['DELETE', '/api/schedules/{id}', 'oa'],
  'tasks.list': ['GET', '/api/tasks', 'woa'],
  'tasks.read': ['GET', '/api/tasks/{id}', 'woa'],
  'tasks.claim': ['POST', '/api/tasks/{id}/claim', 'w'],
  'tasks.release': ['POST', '/api/tasks/{id}/release', 'w'],
  'tasks.complete': ['POST', '/api/tasks/{id}/complete', 'w'],
};
const letters: Readonly<Record<Role, string>> = { viewer: 'v', starter: 's', worker: 'w', operator: 'o', admin: 'a' };
const roles = Object.keys(letters) as Role[];

interface OpenApi {
  readonly paths: Record<string, Record<string, OpenApiOperation>>;
  readonly components: { readonly schemas: Record<string, unknown>; readonly securitySchemes: Record<string, unknown> };
}
interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: unknown[];
  readonly parameters?: { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { readonly properties?: Record<string, unknown> } }> };
  readonly responses: Record<string, { readonly description: string; readonly content?: Record<string, { readonly schema: { $ref?: string } }> }>;
}

let temporal: EmbeddedTemporal;
let api: RunningApi;
const later = closeAfterAll();
beforeAll(async () => {
  temporal = await startOwnTemporal();
  later(() => temporal.stop());
  api = await startApiProcess({ temporal });
  later(() => api.stop());
});

describe('the access matrix', () => {
  const users = new Map<Role, User>();
  beforeAll(async () => {
    for (const role of roles) users.set(role, await api.user({ name: role, roles: [role], groups: ['finance'] }));
  });

  it('is the one that was agreed', () => {
    expect([...operations].sort()).toEqual(Object.keys(agreed).sort());
  });

  it.each(Object.entries(agreed))('%s', async (_, [method, template, allowed]) => {
    const path = template.replace('{file}', 'page.js').replace('{sha256}', 'a'.repeat(64)).replace('{id}', template.includes('/tasks/') ? 'supplierInvoice%2Fnone%2FcheckFields' : 'supplierInvoice%2Fnone').replaceAll(/\{\w+\}/g, 'none');
    // A stream is refused before it begins, lest one wait for its end.
    const headers = { 'last-event-id': 'none' };
    const stranger = await api.stranger(path, { method, headers });
    expect(stranger.status === 401).toBe(allowed !== '*');
    for (const role of roles) {
      const { status, body } = (await users.get(role)?.<ProblemBody>(path, { method, headers })) ?? { status: 0, body: undefined };
      const may = allowed === '*' || allowed.includes(letters[role]);
      expect({ role, refused: status === 403 }).toEqual({ role, refused: !may });
      if (!may) expect(body?.detail).toContain(`${role} has ${role}`);
    }
  });

  it('lets a token with several roles do what any of them may', async () => {
    const both = await api.user({ roles: ['viewer', 'starter'] });
    expect((await both('/api/instances')).status).toBe(200);
    expect((await both('/api/processes/none/instances', { json: { input: {} } })).status).toBe(404);
    expect((await both('/api/instances/supplierInvoice%2Fnone/cancel', { json: { reason: 'why not' } })).status).toBe(403);
  });

  it('tells each caller what they may call', async () => {
    const { body } = (await users.get('worker')?.<{ operations: string[] }>('/api/me')) ?? { body: { operations: [] } };
    const expected = Object.entries(agreed).filter(([, [, , allowed]]) => allowed === '*' || allowed.includes('w'));
    expect([...body.operations].sort()).toEqual(expected.map(([operation]) => operation).sort());
  });
});

describe('the OpenAPI document', () => {
  let document: OpenApi;
  const all = (): [string, string, OpenApiOperation][] => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]): [string, string, OpenApiOperation] => [path, method.toUpperCase(), operation]));
  beforeAll(async () => {
    document = (await (await api.user({ roles: ['viewer'] }))<OpenApi>('/api/openapi.json')).body;
  });

  it('has every operation of the matrix, and nothing else', () => {
    const described = Object.fromEntries(all().map(([path, method, { operationId }]) => [operationId, [method, path]]));
    expect(described).toEqual(Object.fromEntries(Object.entries(agreed).map(([operation, [method, path]]) => [operation, [method, path]])));
  });

  it('says of each what it does, who is asked for a token, and every way to go wrong', () => {
    for (const [, method, { operationId, summary, security, responses, parameters, requestBody }] of all()) {
      const open = agreed[operationId]?.[2] === '*';
      expect({ operationId, summary, secured: security !== undefined }).toEqual({ operationId, summary: expect.stringMatching(/^.{10}/), secured: !open });
      expect({ operationId, statuses: Object.keys(responses) }).toEqual({ operationId, statuses: expect.arrayContaining(open ? ['200'] : ['400', '401', '403', '500']) });
      for (const [status, { content }] of Object.entries(responses)) {
        expect({ operationId, status, content: Object.keys(content ?? {}).length > 0 }).toEqual({ operationId, status, content: status !== '204' });
        if (Number(status) >= 400 && operationId !== 'health.ready') expect(content?.['application/problem+json']?.schema.$ref).toBe('#/components/schemas/Problem');
      }
      for (const [, placeholder] of (agreed[operationId]?.[1] ?? '').matchAll(/\{(\w+)\}/g)) {
        expect(parameters).toContainEqual(expect.objectContaining({ name: placeholder, in: 'path', required: true, schema: expect.any(Object) }));
      }
      expect({ operationId, takesBody: requestBody !== undefined }).toEqual({ operationId, takesBody: ['POST', 'PUT', 'PATCH'].includes(method) });
    }
  });

  it('shows the schemas that check the requests', () => {
    const start = document.paths['/api/processes/{name}/instances']?.post;
    expect(Object.keys(start?.requestBody?.content['application/json']?.schema.properties ?? {})).toEqual(['input', 'businessKey', 'restart']);
    expect(document.paths['/api/instances']?.get?.parameters?.map(({ name }) => name)).toEqual(['process', 'status', 'waitingFor', 'businessKey', 'schedule', 'limit', 'cursor']);
    expect(Object.keys(document.paths['/api/documents']?.post?.requestBody?.content ?? {})).toContain('application/pdf');
    for (const path of ['/api/events', '/api/instances/{id}/events']) expect(Object.keys(document.paths[path]?.get?.responses['200']?.content ?? {})).toEqual(['text/event-stream']);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['InstanceChange', 'InstancePending', 'InstanceEvent']));
    expect(document.components.schemas.Problem).toMatchObject({ type: 'object', required: ['type', 'title', 'status', 'detail'] });
  });
});

describe('the documentation page', () => {
  it('opens without a token, and shows nothing of the API until one is given', async () => {
    const page = await api.stranger<string>('/api/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const [, source] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) expect((await api.stranger(source ?? '')).status).toBe(200);
    expect(page.body).not.toContain('instances');
    expect((await api.stranger('/api/openapi.json')).status).toBe(401);
    expect((await api.stranger('/api/docs/package.json')).status).toBe(404);
  });
});

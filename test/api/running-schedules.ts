import type { Schedule as Shown } from '../../api/schedules/schedule.ts';
import type { EmbeddedTemporal } from '../../temporal/start.ts';
import { type HandWorker, workByHand } from './hand-worker.ts';
import { type Answer, type ProblemBody, type RunningApi, startApiProcess, startOwnTemporal, type User } from './running-api.ts';
import { pdfOf } from './sample-documents.ts';

export type Schedule = Shown & ProblemBody;
export interface Row {
  readonly id: string;
  readonly status: string;
  readonly startedBy: string;
}
type Document = { readonly sha256: string; readonly mediaType: string; readonly size: number };
interface Sent {
  readonly user?: User;
  /** An `Idempotency-Key`. */
  readonly key?: string;
}

/** An API with its Temporal, no worker, two operators and a document; and the calls by which the tests speak of schedules. */
export interface Schedules {
  readonly temporal: EmbeddedTemporal;
  readonly api: RunningApi;
  readonly worker: HandWorker;
  readonly olga: User;
  readonly petra: User;
  readonly document: Document;
  create(more?: object, sent?: Sent): Promise<Answer<Schedule>>;
  read(id: string): Promise<Schedule>;
  post<Body = Schedule>(id: string, verb: string, json?: object, sent?: Sent): Promise<Answer<Body>>;
  change(id: string, more?: object, user?: User): Promise<Answer<Schedule>>;
  /** What a schedule has started, as lists have it. */
  startedBy(id: string): Promise<readonly Row[]>;
  untilStarted(id: string, count: number): Promise<readonly Row[]>;
  memoOf(instance: string): Promise<Record<string, unknown>>;
}

export const nightly = { cronExpressions: ['0 2 * * *'], timezone: 'Europe/Berlin' };

export async function startSchedules({ later }: { later: (close: () => Promise<unknown>) => void }): Promise<Schedules> {
  const temporal = await startOwnTemporal();
  later(() => temporal.stop());
  const api = await startApiProcess({ temporal });
  later(() => api.stop());
  const worker = await workByHand(temporal);
  later(() => worker.close());
  const olga = await api.user({ name: 'olga', roles: ['operator'] });
  const petra = await api.user({ name: 'petra', roles: ['operator'] });
  const { body } = await olga<Document>('/api/documents', { raw: await pdfOf('each month'), headers: { 'content-type': 'application/pdf' } });
  const document = { sha256: body.sha256, mediaType: body.mediaType, size: body.size };
  const headers = (key: string | undefined): Record<string, string> => (key === undefined ? {} : { 'idempotency-key': key });
  const startedBy = async (id: string): Promise<readonly Row[]> => (await olga<{ instances: Row[] }>(`/api/instances?schedule=${id}&limit=200`)).body.instances;
  return {
    temporal,
    api,
    worker,
    olga,
    petra,
    document,
    create: (more = {}, { user = olga, key } = {}) => user('/api/schedules', { json: { process: 'supplierInvoice', input: { document }, spec: nightly, ...more }, headers: headers(key) }),
    read: async (id) => (await olga<Schedule>(`/api/schedules/${id}`)).body,
    post: (id, verb, json = {}, { user = olga, key } = {}) => user(`/api/schedules/${id}/${verb}`, { json, headers: headers(key) }),
    change: (id, more = {}, user = olga) => user(`/api/schedules/${id}`, { method: 'PUT', json: { input: { document }, spec: { cronExpressions: ['0 3 * * *'] }, ...more } }),
    startedBy,
    untilStarted: (id, count) => until(() => startedBy(id), (rows) => rows.length >= count),
    async memoOf(workflowId) {
      const { workflowExecutionInfo } = await worker.connection.workflowService.describeWorkflowExecution({ namespace: temporal.namespace, execution: { workflowId } });
      return Object.fromEntries(Object.entries(workflowExecutionInfo?.memo?.fields ?? {}).map(([key, { data }]) => [key, JSON.parse(Buffer.from(data ?? []).toString())]));
    },
  };
}

export async function until<R>(look: () => Promise<R>, holds: (seen: R) => boolean): Promise<R> {
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

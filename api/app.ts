import 'reflect-metadata';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ProcessContract } from '../contracts/define/process.ts';
import { createDiskStore } from '../documents/disk-store.ts';
import { errorMessage } from '../platform/errors.ts';
import { guard, isStillAllowed } from './access/guard.ts';
import type { ApiConfig } from './config.ts';
import { keepDefinitions } from './definitions/definitions.ts';
import { DocsController, docsToken } from './docs/controller.ts';
import { BulkController, bulksToken } from './bulk/controller.ts';
import { createBulks } from './bulk/bulk.ts';
import { createDocs } from './docs/docs.ts';
import { describeApi } from './docs/open-api.ts';
import { DocumentsController, documentsToken } from './documents/controller.ts';
import { createDocuments } from './documents/documents.ts';
import { EventsController, eventsToken } from './events/controller.ts';
import { createEvents } from './events/events.ts';
import { probeDirectory } from './files.ts';
import { HealthController, healthToken } from './health/controller.ts';
import { createHealth } from './health/health.ts';
import { AnswerInterceptor } from './http/answer.ts';
import { takeBodies } from './http/body.ts';
import { createCursors } from './http/cursor.ts';
import type { Fastify } from './http/fastify.ts';
import { setSecurityHeaders } from './http/headers.ts';
import { answerOtherMethods } from './http/methods.ts';
import { logRequests } from './http/request-log.ts';
import { requireOperations } from './http/routes.ts';
import { SchemaPipe } from './http/schema-pipe.ts';
import { answerBroken, answerUnreadable } from './http/unreadable.ts';
import { IncidentsController, incidentsToken } from './incidents/controller.ts';
import { createIncidents } from './incidents/incidents.ts';
import { createOpenIncidents } from './incidents/list.ts';
import { OpenIncidentsController, openIncidentsToken } from './incidents/list-controller.ts';
import { InstancesController, instancesToken } from './instances/controller.ts';
import { createEndings } from './instances/end.ts';
import { createInstanceVerbs } from './instances/verbs.ts';
import { keepGenerations } from './instances/generations.ts';
import { createList } from './instances/list.ts';
import { createReader } from './instances/read.ts';
import { createRows } from './instances/row.ts';
import { createStart } from './instances/start.ts';
import { log, nestLog } from './log.ts';
import { MessagesController, messagesToken } from './messages/controller.ts';
import { createMessages } from './messages/messages.ts';
import { MeController } from './me/controller.ts';
import { ProblemFilter } from './problems/filter.ts';
import { ProcessesController, processesToken } from './processes/controller.ts';
import { createProcesses } from './processes/processes.ts';
import { keepRequestKeys } from './requests/request-keys.ts';
import { SchedulesController, schedulesToken } from './schedules/controller.ts';
import { createSchedules } from './schedules/schedules.ts';
import { TasksController, tasksToken } from './tasks/controller.ts';
import { createTasks } from './tasks/tasks.ts';
import { connectTemporal } from '../engine/temporal.ts';
import { scheduleLinks, webUiLinks } from './temporal/web-ui.ts';
import { createTokenStore } from './tokens/store.ts';

@Module({})
class ApiModule {}

export interface Api {
  readonly url: string;
  /** Answers what is under way, then closes. */
  close(): Promise<void>;
}

/** Longer than an id of 200 characters can get when each of its bytes is percent-encoded. */
const maxParamLength = 8_000;

/** Milliseconds in which a request must have come in whole: 20 MB take this long at 1.3 Mbit/s. */
const requestTimeout = 120_000;

/**
 * Starts the API. Temporal need not run yet.
 *
 * @throws Error that names the setting when a directory cannot be written
 */
export async function startApi({ config, processes }: { config: ApiConfig; processes: readonly ProcessContract[] }): Promise<Api> {
  await requireDirectory({ directory: config.dataDirectory, setting: 'API_DATA_DIR' });
  await requireDirectory({ directory: config.documentsDirectory, setting: 'DOCUMENTS_DIR' });
  const directory = (name: string): string => join(config.dataDirectory, name);
  const definitions = await keepDefinitions({ directory: directory('definitions'), processes });
  const cursors = await createCursors({ directory: config.dataDirectory });
  const requestKeys = await keepRequestKeys({ directory: directory('requests') });
  const generations = await keepGenerations({ directory: directory('generations') });
  const store = createDiskStore({ directory: config.documentsDirectory });
  const temporal = connectTemporal(config.temporal);
  const webUi = webUiLinks(config.temporal);
  const rowOf = createRows({ definitions, webUi });
  let openApi: object = {};

  const instances = {
    start: createStart({ temporal, definitions, store, requestKeys, generations, webUi }),
    list: createList({ temporal, definitions, cursors, rowOf }),
    ...createReader({ temporal, definitions, store, webUi }),
    ...createEndings({ temporal }),
    ...createInstanceVerbs({ temporal }),
  };
  const schedules = createSchedules({
    temporal,
    definitions,
    store,
    requestKeys,
    cursors,
    seconds: await keepGenerations({ directory: directory('triggers') }),
    webUi,
    webUiOfSchedule: scheduleLinks(config.temporal),
  });
  const tokens = createTokenStore({ directory: config.dataDirectory });
  const events = createEvents({ temporal, definitions, webUi, rowOf, directory: directory('events'), limits: config.events, isStillAllowed: (request) => isStillAllowed({ request, tokens }), log });
  const module = {
    module: ApiModule,
    controllers: [DocumentsController, ProcessesController, InstancesController, EventsController, TasksController, MessagesController, SchedulesController, IncidentsController, OpenIncidentsController, BulkController, MeController, HealthController, DocsController],
    providers: [
      { provide: documentsToken, useValue: createDocuments({ store }) },
      { provide: processesToken, useValue: createProcesses({ definitions }) },
      { provide: instancesToken, useValue: instances },
      { provide: eventsToken, useValue: events },
      { provide: tasksToken, useValue: createTasks({ temporal, definitions, store, cursors, view: instances.view }) },
      { provide: messagesToken, useValue: createMessages({ temporal, definitions }) },
      { provide: incidentsToken, useValue: createIncidents({ temporal }) },
      { provide: openIncidentsToken, useValue: createOpenIncidents({ temporal, definitions, cursors }) },
      { provide: bulksToken, useValue: createBulks({ temporal, definitions, requestKeys, store, rowOf, view: instances.view }) },
      { provide: schedulesToken, useValue: schedules },
      { provide: healthToken, useValue: createHealth({ temporal, documentsDirectory: config.documentsDirectory, dataDirectory: config.dataDirectory }) },
      { provide: docsToken, useValue: createDocs({ openApi: () => openApi }) },
    ],
  };

  const adapter = new FastifyAdapter({ routerOptions: { maxParamLength }, requestTimeout, frameworkErrors: answerUnreadable, clientErrorHandler: answerBroken });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { bodyParser: false, logger: nestLog, abortOnError: false });
  const fastify = adapter.getInstance<Fastify>();
  setSecurityHeaders(fastify);
  logRequests({ fastify, log });
  guard({ fastify, tokens });
  answerOtherMethods(fastify);
  takeBodies(fastify);
  const requireAll = requireOperations(fastify);
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalInterceptors(new AnswerInterceptor());
  await app.init();
  requireAll();
  openApi = describeApi(app);
  await app.listen(config.port, config.host);

  return {
    url: await app.getUrl(),
    async close() {
      events.close();
      await app.close();
      await temporal.close();
    },
  };
}

async function requireDirectory({ directory, setting }: { directory: string; setting: string }): Promise<void> {
  try {
    await probeDirectory(directory);
  } catch (error) {
    throw new Error(`${setting} is ${directory}, where nothing can be written (${errorMessage(error)}). Give another directory, or change its permissions.`, { cause: error });
  }
}

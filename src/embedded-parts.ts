// What the embedded AWS is made of: every part opened over one state and told of the others that it needs.
import { join } from 'node:path';
import type { Clock } from './base/clock.js';
import type { Ids } from './base/ids.js';
import type { Log } from './base/log.js';
import { openBatch } from './batch/open-batch.js';
import { openCatalog } from './catalog/open-catalog.js';
import { openSchemaRegistry } from './catalog/schema-registry/open-schema-registry.js';
import { openClassifiers } from './crawler/classifiers/open-classifiers.js';
import { openCrawlers } from './crawler/open-crawlers.js';
import { openDynamodb } from './dynamodb/open-dynamodb.js';
import type { EventFaults } from './events/delivery-faults.js';
import { isBusArn } from './events/event-rule.js';
import type { EmitEvent } from './events/event.js';
import { openEventBuses } from './events/open-events.js';
import { openOutbox } from './events/outbox.js';
import { eventSender } from './events/send-to-target.js';
import { destinationEvent } from './functions/destination-event.js';
import type { SendTo } from './functions/event-invocations.js';
import { openFunctions } from './functions/open-functions.js';
import { openIdentity } from './identity/identity.js';
import { openProgramSessions } from './identity/program-sessions.js';
import { openDuckdbEngine } from './jobs/engines/duckdb/index.js';
import { openJobs } from './jobs/open-jobs.js';
import { openJobPrograms } from './jobs/programs/job-program.js';
import { openWorkflows } from './jobs/workflows/open-workflows.js';
import { openLogGroups } from './logs/open-log-groups.js';
import { openProcessRecords } from './processes/process-records.js';
import { openQueries } from './query/execution/open-queries.js';
import { TRINO_MACROS } from './query/select/macros.js';
import type { MessageAttributes } from './queues/message-attributes.js';
import { openQueues } from './queues/open-queues.js';
import { openSchedules } from './schedules/open-schedules.js';
import { openState } from './state/state.js';
import { STATE_SCHEMAS } from './state-schemas.js';
import { openObjectStorage } from './storage/local-object-storage.js';
import { openDuckdb } from './tabular/duckdb.js';
import type { CallOperation } from './wire/call-operation.js';

export interface PartSettings {
  dataDir: string;
  accountId: string;
  region: string;
  iamDelayMs: number;
  crawlDelayMs: number;
  enforceIam: boolean;
  eventFaults: EventFaults | undefined;
  queryMemoryBytes: number | undefined;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** What parts need of the services above them, which are there by the time that a part asks. */
export interface PartSurroundings {
  call: CallOperation;
  /** URL at which programs reach the services. */
  programEndpoint: () => Promise<string>;
}

export type Parts = ReturnType<typeof openParts>;

export interface Closeable {
  close(): unknown;
}

/** `opened` gets what must be closed again should a later part, or what is made of them, fail to open. */
export function openParts(
  settings: PartSettings,
  { call, programEndpoint }: PartSurroundings,
  opened: Closeable[],
) {
  const { dataDir, accountId, region, iamDelayMs, crawlDelayMs, enforceIam, eventFaults, queryMemoryBytes } =
    settings;
  const { clock, ids, log } = settings;
  const state = openState(join(dataDir, 'gluepot.db'), STATE_SCHEMAS);
  opened.push(state);
  // Buses come later than those who speak of themselves.
  const emit: EmitEvent = (event) => events.emit(event);
  const storage = openObjectStorage(state, {
    root: join(dataDir, 's3'),
    clock,
    ids,
    region,
    accountId,
    emit,
    // Queues come later than those who tell them.
    sendToQueue: (queueArn, body) => void queues.tell(queueArn, body),
  });
  const identity = openIdentity(state, { clock, ids, accountId, region, iamDelayMs, enforceIam });
  const logs = openLogGroups(state, { clock });
  const catalog = openCatalog(state, {
    emit,
    clock,
    accountId,
    region,
    columnsOf: (reference) => schemaRegistry.resolveSchemaReference(reference),
  });
  const dynamodb = openDynamodb(state, { clock, ids, accountId, region, emit, log });
  opened.push(dynamodb.timeToLive);
  const queues = openQueues(state, { clock, ids, accountId, region });
  opened.push(queues);
  const outbox = openOutbox(state, {
    clock,
    log,
    faults: eventFaults,
    send: eventSender({
      call,
      clock,
      forward: (bus, event) => events.forward(bus, event),
      notifyWorkflow: (name, eventId) => workflows.notifyEvent(name, eventId),
    }),
    sendDeadLetter: (queueArn, body, attributes) =>
      void queues.send(queueArn, body, { attributes: asMessageAttributes(attributes) }),
  });
  opened.push(outbox);
  const events = openEventBuses(state, { clock, ids, log, accountId, region, outbox });
  opened.push(events);
  const schedules = openSchedules(state, { clock, ids, log, accountId, region, outbox });
  opened.push(schedules);
  const { tags } = catalog;
  const schemaRegistry = openSchemaRegistry(state, { clock, ids, accountId, region, tags });
  const roles = identity.directory;
  const duckdb = openDuckdb({
    folders: [storage.root],
    temporaryDirectory: join(dataDir, 'spill'),
    memoryLimitBytes: queryMemoryBytes,
    prelude: TRINO_MACROS,
  });
  const engine = openDuckdbEngine({ catalog, storage, duckdb, clock, accountId, region });
  const account = { clock, ids, log, accountId, region };
  const classifiers = openClassifiers(state, clock);
  const crawlers = openCrawlers(state, {
    catalog,
    connections: catalog.connections,
    classifiers,
    storage,
    dynamodb,
    queues,
    roles,
    logs,
    tags,
    emit,
    crawlDelayMs,
    ...account,
  });
  opened.push(crawlers);
  const processes = openProcessRecords(state);
  opened.push(processes);
  const programs = {
    logs,
    sessions: openProgramSessions(identity, clock),
    processes,
    endpoint: programEndpoint,
    dataDir,
    ...account,
  };
  const runScript = openJobPrograms(state, { storage, ...programs });
  const jobs = openJobs(state, { engine, runScript, roles, logs, tags, emit, ...account });
  opened.push(jobs);
  const workflows = openWorkflows(state, { jobs, crawlers, tags, clock, ids, log });
  opened.push(workflows);
  const queries = openQueries(state, { catalog, storage, duckdb, clock, ids, log });
  opened.push(queries);
  const sendTo: SendTo = (arn, body, attributes = {}) => {
    if (isBusArn(arn)) events.accept(events.requireBus(arn), destinationEvent(body, arn));
    else if (arn.startsWith('arn:aws:lambda:')) functions.invokeLater(arn, body);
    else queues.send(arn, body, { attributes: asMessageAttributes(attributes) });
  };
  const batch = openBatch(state, { emit, ...programs });
  opened.push(batch);
  const functions = openFunctions(state, { storage, roles, sendTo, ...programs });
  opened.push(functions);

  return {
    ...{ state, storage, identity, logs, catalog, schemaRegistry, classifiers, crawlers, jobs, workflows },
    ...{ dynamodb, queues, events, schedules, queries, batch, functions },
    /** Goes on with what waits for programs and targets, which need a server that answers them. */
    resume() {
      schedules.resume();
      outbox.resume();
      batch.resume();
      functions.resume();
    },
    /** Nothing new begins, then `closeServers` runs while programs end, then the rest is let go of. */
    async close(closeServers: () => Promise<unknown>) {
      events.close();
      schedules.close();
      workflows.close();
      queues.close();
      dynamodb.timeToLive.close();
      await outbox.close();
      await Promise.all([batch.close(), functions.close(), jobs.close(), closeServers()]);
      processes.close();
      await Promise.all([crawlers.close(), queries.close()]);
      await duckdb.close();
      state.close();
    },
  };
}

function asMessageAttributes(attributes: Record<string, string>): MessageAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

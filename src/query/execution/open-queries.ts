// Query executions: submitted, waiting, running, ended in exactly one way.
import type { StartQueryExecutionInput } from '@aws-sdk/client-athena';
import type { Clock } from '../../base/clock.js';
import { watchDeadline } from '../../base/deadline.js';
import type { Ids } from '../../base/ids.js';
import { QUERY_CONCURRENCY_MAX } from '../../base/limits.js';
import { messageOf } from '../../base/errors.js';
import type { Log } from '../../base/log.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { State } from '../../state/state.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { Duckdb } from '../../tabular/duckdb.js';
import { openGate } from '../../base/gate.js';
import type { Checked } from '../../wire/service.js';
import { parseExpressionText } from '../select/parse-query.js';
import { QueryFailure } from '../statement/query-failure.js';
import { openParquetFooters } from '../tables/parquet-footers.js';
import { endedOrAbandoned } from './ended-or-abandoned.js';
import { failureOf, INTERNAL_ERROR } from './failure.js';
import { invalidRequest } from './invalid-request.js';
import { openNamedQueries, type NamedQueries } from './named-queries.js';
import { outputLocation, resultPlace } from './output-location.js';
import { openPreparedStatements, type PreparedStatements } from './prepared-statements.js';
import { QueryCancelled } from './query-cancelled.js';
import { openQueryRecords, type QueryRecords } from './query-records.js';
import { isFinished, type QueryRecord } from './query-record.js';
import { runStatement } from './run-statement.js';
import { submittedStatement, type SubmittedStatement } from './submitted-statement.js';
import { openWorkGroups, PRIMARY, ENGINE_VERSION, type WorkGroups } from './work-group.js';

/** AWS docs, service quotas: a DML query may run for 30 minutes, a DDL query for 600. */
const TIMEOUT_MS = { DML: 30 * 60_000, DDL: 600 * 60_000, UTILITY: 600 * 60_000 };

/** Statements that may read or write much wait for a place; the others do not wait behind them. */
const IS_LONG = new Set(['select', 'create-table-as', 'insert', 'unload', 'execute']);

export interface QueryParts {
  catalog: OpenCatalog;
  storage: ObjectStorage;
  duckdb: Duckdb;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Real milliseconds after which a query that was told to stop is waited for no longer. */
  graceMs?: number;
}

interface Caller {
  callerArn: string;
  accountId: string;
}

export interface Queries {
  workGroups: WorkGroups;
  prepared: PreparedStatements;
  named: NamedQueries;
  /** @throws AwsError InvalidRequestException */
  start(input: Checked<StartQueryExecutionInput>, caller: Caller): string;
  /** @throws AwsError InvalidRequestException for a query that is not there */
  get(id: string): QueryRecord;
  find(id: string): QueryRecord | undefined;
  /** No error when it has ended. @throws AwsError InvalidRequestException */
  stop(id: string): void;
  records: QueryRecords;
  /** Resolves when the query has ended. */
  ended(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Queries that were waiting or running when the last process ended are marked as failed. `state` needs querySchema. */
export function openQueries(state: State, parts: QueryParts): Queries {
  const { catalog, storage, duckdb, clock, ids, log, graceMs } = parts;
  const records = openQueryRecords(state, clock.now());
  const workGroups = openWorkGroups(state, { clock });
  const prepared = openPreparedStatements(state, { clock });
  const named = openNamedQueries(state, { ids });
  const footers = openParquetFooters(duckdb);
  const gate = openGate(QUERY_CONCURRENCY_MAX);
  const live = new Map<string, { record: QueryRecord; controller: AbortController; done: Promise<void> }>();
  failInterrupted(state, records, clock.now());

  async function execute(
    record: QueryRecord,
    statement: SubmittedStatement,
    controller: AbortController,
  ): Promise<void> {
    let leave: (() => void) | undefined;
    let endWatch = () => {};
    const { signal } = controller;
    try {
      if (IS_LONG.has(statement.kind)) leave = await gate.enter(signal);
      signal.throwIfAborted();
      record.state = 'RUNNING';
      record.startedAt = clock.now();
      const timeoutMs = TIMEOUT_MS[record.statementType];
      endWatch = watchDeadline(clock, record.startedAt.getTime() + timeoutMs, () =>
        controller.abort(
          new QueryFailure(`Query timeout: it ran for more than ${timeoutMs / 60_000} minutes`),
        ),
      );
      const cutoffBytes = workGroups.has(record.workGroup)
        ? workGroups.get(record.workGroup).Configuration.BytesScannedCutoffPerQuery
        : undefined;
      const parameters = (record.executionParameters ?? []).map(parseExpressionText);
      if (statement.kind === 'unread') throw statement.failure;
      const run = {
        record,
        catalog,
        storage,
        duckdb,
        footers,
        prepared,
        clock,
        ids,
        signal,
        ...(cutoffBytes !== undefined && { cutoffBytes }),
      };
      const outcome = await endedOrAbandoned(runStatement(statement, run, parameters), signal, graceMs);
      finish(record, { ...outcome, state: 'SUCCEEDED' });
    } catch (error) {
      finish(record, endOf(error, record));
    } finally {
      endWatch();
      leave?.();
      live.delete(record.id);
    }
  }

  function finish(record: QueryRecord, changes: Partial<QueryRecord>): void {
    const completedAt = clock.now();
    const engineMs = record.startedAt ? completedAt.getTime() - record.startedAt.getTime() : 0;
    Object.assign(record, { completedAt, engineMs }, changes);
    if (record.state === 'FAILED' && record.error?.ErrorType === INTERNAL_ERROR) {
      log('error', 'A query failed by a defect', {
        queryExecutionId: record.id,
        reason: record.stateChangeReason,
      });
    }
    records.update(record);
  }

  function submit(input: Checked<StartQueryExecutionInput>, { callerArn, accountId }: Caller): string {
    const workGroup = input.WorkGroup ?? PRIMARY;
    const group = workGroups.get(workGroup);
    if (group.State === 'DISABLED') throw invalidRequest(`WorkGroup ${workGroup} is disabled.`);
    const known =
      input.ClientRequestToken === undefined ? undefined : records.findByToken(input.ClientRequestToken);
    if (known) return sameRequest(known, input, workGroup);
    const statement = submittedStatement(input.QueryString, input.ExecutionParameters);
    const place = resultPlace(input.ResultConfiguration, group.Configuration, storage, accountId);
    const id = ids.uuid();
    const { Database, Catalog } = input.QueryExecutionContext ?? {};
    const record: QueryRecord = {
      id,
      query: input.QueryString,
      statementType: statement.type,
      ...(statement.substatement !== undefined && { substatementType: statement.substatement }),
      workGroup,
      ...(Database !== undefined && { database: databaseName(Database) }),
      ...(Catalog !== undefined && { catalog: Catalog.toLowerCase() }),
      ...(input.ExecutionParameters && { executionParameters: input.ExecutionParameters }),
      callerArn,
      ...(input.ClientRequestToken !== undefined && { token: input.ClientRequestToken }),
      outputLocation: outputLocation(place.folder, id, statement),
      ...(place.encryption && { encryption: place.encryption }),
      ...(place.expectedBucketOwner !== undefined && { expectedBucketOwner: place.expectedBucketOwner }),
      engineVersion: ENGINE_VERSION,
      state: 'QUEUED',
      submittedAt: clock.now(),
    };
    records.insert(record);
    const controller = new AbortController();
    live.set(id, { record, controller, done: execute(record, statement, controller) });
    return id;
  }

  const find = (id: string) => live.get(id)?.record ?? records.find(id);
  const get = (id: string) => {
    const record = find(id);
    if (!record) throw invalidRequest(`QueryExecution ${id} was not found`);
    return record;
  };

  return {
    workGroups,
    prepared,
    named,
    records,
    start: submit,
    get,
    find,
    stop(id) {
      const record = get(id);
      if (!isFinished(record.state))
        live.get(id)?.controller.abort(new QueryCancelled('Query cancelled by user'));
    },
    ended: (id) => live.get(id)?.done ?? Promise.resolve(),
    async close() {
      const running = [...live.values()];
      for (const { controller } of running) {
        controller.abort(
          new QueryFailure('The server was stopped while the query was running', 'execution', 1),
        );
      }
      await Promise.all(running.map(({ done }) => done));
    },
  };
}

/** awswrangler quotes the name for some statements. */
const databaseName = (given: string) => given.replace(/^`(.*)`$/, '$1').toLowerCase();

function sameRequest(
  known: QueryRecord,
  input: Checked<StartQueryExecutionInput>,
  workGroup: string,
): string {
  const database = input.QueryExecutionContext?.Database;
  const isSame =
    known.query === input.QueryString &&
    known.workGroup === workGroup &&
    known.database === (database === undefined ? undefined : databaseName(database));
  if (isSame) return known.id;
  throw invalidRequest('Idempotent parameters do not match');
}

function endOf(error: unknown, record: QueryRecord): Partial<QueryRecord> {
  if (error instanceof QueryCancelled) return { state: 'CANCELLED', stateChangeReason: messageOf(error) };
  const { reason, error: athenaError } = failureOf(error);
  return {
    state: 'FAILED',
    stateChangeReason: reason,
    error: athenaError,
    outputLocation: record.outputLocation,
  };
}

function failInterrupted(state: State, records: QueryRecords, now: Date): void {
  const reason = 'The server ended while the query was running';
  const error = { ErrorCategory: 1, ErrorType: 500, Retryable: true, ErrorMessage: reason };
  state.transaction(() => {
    for (const record of records.unfinished()) {
      records.update({ ...record, state: 'FAILED', stateChangeReason: reason, error, completedAt: now });
    }
  });
}

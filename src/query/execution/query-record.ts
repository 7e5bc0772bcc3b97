// What is kept of a query execution, and what GetQueryExecution makes of it.
import type {
  AthenaError,
  ColumnInfo,
  EncryptionConfiguration,
  QueryExecution,
  QueryExecutionState,
  QueryRuntimeStatistics,
} from '@aws-sdk/client-athena';
import type { StatementType } from '../statement/statement.js';

export interface QueryRecord {
  id: string;
  query: string;
  statementType: StatementType;
  /** Absent for what could not be read. */
  substatementType?: string;
  workGroup: string;
  database?: string;
  catalog?: string;
  executionParameters?: string[];
  callerArn: string;
  /** As the client gave it, with what the request was: for requests that are made twice. */
  token?: string;
  outputLocation: string;
  encryption?: EncryptionConfiguration;
  expectedBucketOwner?: string;
  engineVersion: string;
  state: QueryExecutionState;
  stateChangeReason?: string;
  error?: AthenaError;
  submittedAt: Date;
  startedAt?: Date;
  completedAt?: Date;
  planningMs?: number;
  engineMs?: number;
  dataScannedBytes?: number;
  inputFileCount?: number;
  outputBytes?: number;
  rowCount?: number;
  manifestLocation?: string;
  result?: QueryResult;
}

/** What GetQueryResults answers with. */
export interface QueryResult {
  columns: ColumnInfo[];
  /** `header`: a CSV file whose first row is a row of the result as well. `lines`: texts, one a row. `none`: no rows. */
  form: 'header' | 'lines' | 'none';
  updateCount?: number;
}

export const isFinished = (state: QueryExecutionState): boolean =>
  state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED';

export function toQueryExecution(record: QueryRecord, now: Date): QueryExecution {
  const finishedMs = (record.completedAt ?? now).getTime();
  const startedMs = record.startedAt?.getTime();
  const queuedMs = (startedMs ?? finishedMs) - record.submittedAt.getTime();
  const engineMs = record.engineMs ?? (startedMs === undefined ? 0 : finishedMs - startedMs);
  return {
    QueryExecutionId: record.id,
    Query: record.query,
    StatementType: record.statementType,
    ...(record.substatementType !== undefined && { SubstatementType: record.substatementType }),
    ResultConfiguration: {
      OutputLocation: record.outputLocation,
      ...(record.encryption && { EncryptionConfiguration: record.encryption }),
      ...(record.expectedBucketOwner !== undefined && { ExpectedBucketOwner: record.expectedBucketOwner }),
    },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    QueryExecutionContext: {
      ...(record.database !== undefined && { Database: record.database }),
      ...(record.catalog !== undefined && { Catalog: record.catalog }),
    },
    Status: {
      State: record.state,
      SubmissionDateTime: record.submittedAt,
      ...(record.completedAt && { CompletionDateTime: record.completedAt }),
      ...(record.stateChangeReason !== undefined && { StateChangeReason: record.stateChangeReason }),
      ...(record.error && { AthenaError: record.error }),
    },
    Statistics: {
      EngineExecutionTimeInMillis: engineMs,
      DataScannedInBytes: record.dataScannedBytes ?? 0,
      TotalExecutionTimeInMillis: finishedMs - record.submittedAt.getTime(),
      QueryQueueTimeInMillis: queuedMs,
      ServicePreProcessingTimeInMillis: 0,
      ...(record.planningMs !== undefined && { QueryPlanningTimeInMillis: record.planningMs }),
      ServiceProcessingTimeInMillis: Math.max(
        0,
        finishedMs - record.submittedAt.getTime() - queuedMs - engineMs,
      ),
      ...(record.manifestLocation !== undefined && { DataManifestLocation: record.manifestLocation }),
      ResultReuseInformation: { ReusedPreviousResult: false },
    },
    WorkGroup: record.workGroup,
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: record.engineVersion },
    ...(record.executionParameters && { ExecutionParameters: record.executionParameters }),
  };
}

export function toRuntimeStatistics(record: QueryRecord, now: Date): QueryRuntimeStatistics {
  const { Statistics = {} } = toQueryExecution(record, now);
  return {
    Timeline: {
      QueryQueueTimeInMillis: Statistics.QueryQueueTimeInMillis,
      ServicePreProcessingTimeInMillis: 0,
      QueryPlanningTimeInMillis: record.planningMs ?? 0,
      EngineExecutionTimeInMillis: Statistics.EngineExecutionTimeInMillis,
      ServiceProcessingTimeInMillis: Statistics.ServiceProcessingTimeInMillis,
      TotalExecutionTimeInMillis: Statistics.TotalExecutionTimeInMillis,
    },
    Rows: {
      InputBytes: record.dataScannedBytes ?? 0,
      OutputBytes: record.outputBytes ?? 0,
      OutputRows: record.rowCount ?? 0,
    },
  };
}

// Runs Athena queries to their end, for tests: rows as arrays, failures as their reasons.
import {
  InvalidRequestException,
  type Athena,
  type ColumnInfo,
  type QueryExecution,
} from '@aws-sdk/client-athena';
import type { Answer } from './corpus.js';

export interface QueryRunner {
  /** A query that must succeed. @throws Error with the reason when it does not */
  run(query: string, options?: RunOptions): Promise<QueryExecution>;
  /** The rows of a query that must succeed, without the header; null for null. */
  rows(query: string, options?: RunOptions): Promise<(string | null)[][]>;
  columns(query: string, options?: RunOptions): Promise<ColumnInfo[]>;
  /** The reason of a query that must fail, while it runs or when it is submitted. */
  failure(query: string, options?: RunOptions): Promise<string>;
  /** What a query answers, or why it does not. */
  answer(query: string): Promise<Answer | { failure: string }>;
}

export interface RunOptions {
  ExecutionParameters?: string[];
  WorkGroup?: string;
}

const POLL_MS = 5;

export function openQueryRunner(
  athena: Athena,
  { Database, OutputLocation }: { Database: string; OutputLocation: string },
): QueryRunner {
  async function ended(QueryString: string, options: RunOptions = {}): Promise<QueryExecution> {
    const { QueryExecutionId } = await athena.startQueryExecution({
      QueryString,
      QueryExecutionContext: { Database },
      ResultConfiguration: { OutputLocation },
      ...options,
    });
    for (;;) {
      const { QueryExecution = {} } = await athena.getQueryExecution({ QueryExecutionId });
      const state = QueryExecution.Status?.State;
      if (state !== 'QUEUED' && state !== 'RUNNING') return QueryExecution;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** The query that has not failed, or the reason of its failure. */
  async function outcome(query: string, options?: RunOptions): Promise<QueryExecution | { failure: string }> {
    try {
      const execution = await ended(query, options);
      const { State, StateChangeReason = '' } = execution.Status ?? {};
      return State === 'FAILED' ? { failure: StateChangeReason } : execution;
    } catch (error) {
      if (error instanceof InvalidRequestException) return { failure: error.message };
      throw error;
    }
  }

  async function run(query: string, options?: RunOptions): Promise<QueryExecution> {
    const execution = await ended(query, options);
    const { State, StateChangeReason } = execution.Status ?? {};
    if (State !== 'SUCCEEDED') throw new Error(`${query} ended as ${State}: ${StateChangeReason}`);
    return execution;
  }

  async function results(query: string, options?: RunOptions) {
    return resultsOf(await run(query, options));
  }

  async function resultsOf({ QueryExecutionId, ResultConfiguration }: QueryExecution) {
    const rows: (string | null)[][] = [];
    const hasHeader = ResultConfiguration?.OutputLocation?.endsWith('.csv') === true;
    let columns: ColumnInfo[];
    let NextToken: string | undefined;
    do {
      const page = await athena.getQueryResults({ QueryExecutionId, NextToken });
      columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
      for (const { Data = [] } of page.ResultSet?.Rows ?? [])
        rows.push(Data.map(({ VarCharValue = null }) => VarCharValue));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return { columns, rows: hasHeader ? rows.slice(1) : rows };
  }

  return {
    run,
    rows: async (query, options) => (await results(query, options)).rows,
    columns: async (query, options) => (await results(query, options)).columns,
    async failure(query, options) {
      const found = await outcome(query, options);
      if (!('failure' in found)) throw new Error(`${query} did not fail.`);
      return found.failure;
    },
    async answer(query) {
      const found = await outcome(query);
      if ('failure' in found) return found;
      const { columns, rows } = await resultsOf(found);
      return { rows, columns: columns.map(({ Name = '', Type = '' }) => ({ name: Name, type: Type })) };
    },
  };
}

// Athena's operations on query executions.
import type { QueryExecution, UnprocessedQueryExecutionId } from '@aws-sdk/client-athena';
import type { Clock } from '../../base/clock.js';
import type { Queries } from '../../query/execution/open-queries.js';
import { toQueryExecution, toRuntimeStatistics } from '../../query/execution/query-record.js';
import { PRIMARY } from '../../query/execution/work-group.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';

/** AWS's model: ListQueryExecutions answers with at most so many at once. */
const PAGE_MAX = 50;

export function queryExecutionOperations({ queries, clock }: { queries: Queries; clock: Clock }) {
  return {
    StartQueryExecution: (input, caller) => ({ QueryExecutionId: queries.start(input, caller) }),
    GetQueryExecution: ({ QueryExecutionId }) => ({
      QueryExecution: toQueryExecution(queries.get(QueryExecutionId), clock.now()),
    }),
    BatchGetQueryExecution({ QueryExecutionIds }) {
      const QueryExecutions: QueryExecution[] = [];
      const UnprocessedQueryExecutionIds: UnprocessedQueryExecutionId[] = [];
      for (const QueryExecutionId of QueryExecutionIds) {
        const record = queries.find(QueryExecutionId);
        if (record) QueryExecutions.push(toQueryExecution(record, clock.now()));
        else {
          UnprocessedQueryExecutionIds.push({
            QueryExecutionId,
            ErrorCode: 'INVALID_INPUT',
            ErrorMessage: `QueryExecution ${QueryExecutionId} was not found`,
          });
        }
      }
      return { QueryExecutions, UnprocessedQueryExecutionIds };
    },
    ListQueryExecutions(input) {
      const { Name } = queries.workGroups.get(input.WorkGroup ?? PRIMARY);
      const [page, token] = pageOf(
        input,
        PAGE_MAX,
        (after, count) =>
          queries.records.list(Name as string, {
            count,
            ...(after !== undefined && { before: Number(after) }),
          }),
        ({ number }) => String(number),
      );
      return { QueryExecutionIds: page.map(({ id }) => id), ...token };
    },
    StopQueryExecution({ QueryExecutionId = '' }) {
      queries.stop(QueryExecutionId);
      return {};
    },
    GetQueryRuntimeStatistics: ({ QueryExecutionId }) => ({
      QueryRuntimeStatistics: toRuntimeStatistics(queries.get(QueryExecutionId), clock.now()),
    }),
  } satisfies Operations<typeof import('@aws-sdk/client-athena')>;
}

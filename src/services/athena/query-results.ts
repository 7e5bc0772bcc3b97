// GetQueryResults: pages of the file that a query wrote.
import type { Queries } from '../../query/execution/open-queries.js';
import { invalidRequest } from '../../query/execution/invalid-request.js';
import { csvPage, linePage } from '../../query/results/result-page.js';
import { placeOf } from '../../query/results/result-files.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { Operations } from '../../wire/service.js';
import { positionIn, tokenOf } from './page.js';

/** AWS's model: as many rows at once, also when none are asked for. */
const PAGE_MAX = 1000;

export function queryResultOperations({ queries, storage }: { queries: Queries; storage: ObjectStorage }) {
  return {
    async GetQueryResults({ QueryExecutionId, NextToken, MaxResults = PAGE_MAX, QueryResultType }) {
      if (QueryResultType === 'DATA_MANIFEST') {
        throw invalidRequest(
          'QueryResultType DATA_MANIFEST is not supported here: read the object that DataManifestLocation names.',
        );
      }
      const record = queries.get(QueryExecutionId);
      if (record.state === 'QUEUED' || record.state === 'RUNNING') {
        throw invalidRequest(
          `Query has not yet finished. Current state: ${record.state}`,
          'INVALID_QUERY_STATUS_EXCEPTION',
        );
      }
      if (record.state !== 'SUCCEEDED' || !record.result) {
        throw invalidRequest(
          `Query did not finish successfully. Final query state: ${record.state}`,
          'INVALID_QUERY_STATUS_EXCEPTION',
        );
      }
      const { columns, form, updateCount } = record.result;
      const page =
        form === 'none'
          ? { rows: [] }
          : await read(form, Number(NextToken === undefined ? 0 : positionIn(NextToken)));
      return {
        ResultSet: { Rows: page.rows, ResultSetMetadata: { ColumnInfo: columns } },
        UpdateCount: updateCount ?? 0,
        ...(page.next !== undefined && { NextToken: tokenOf(String(page.next)) }),
      };

      async function read(kind: 'header' | 'lines', start: number) {
        const { bucket, key } = placeOf(record.outputLocation);
        if (!storage.hasBucket(bucket) || !storage.head(bucket, key)) {
          throw invalidRequest(`Could not find results at ${record.outputLocation}`);
        }
        const path = storage.path(bucket, key);
        return kind === 'header' ? csvPage(path, start, MaxResults) : linePage(path, start, MaxResults);
      }
    },
  } satisfies Operations<typeof import('@aws-sdk/client-athena')>;
}

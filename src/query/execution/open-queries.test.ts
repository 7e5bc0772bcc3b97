// What becomes of queries that a process leaves behind, and of queries that are old.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEmbedded } from '../../embedded.js';
import { openState } from '../../state/state.js';
import { STATE_SCHEMAS } from '../../state-schemas.js';
import { openQueryRecords } from './query-records.js';
import type { QueryRecord } from './query-record.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gluepot-queries-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const recordOf = (id: string, changes: Partial<QueryRecord>): QueryRecord => ({
  id,
  query: 'SELECT 1',
  statementType: 'DML',
  substatementType: 'SELECT',
  workGroup: 'primary',
  callerArn: 'arn:aws:iam::123456789012:root',
  outputLocation: `s3://results/${id}.csv`,
  engineVersion: 'Athena engine version 3',
  state: 'RUNNING',
  submittedAt: new Date(),
  ...changes,
});

/** As a process leaves it that is killed. */
function leave(...records: QueryRecord[]): void {
  const state = openState(join(dataDir, 'gluepot.db'), STATE_SCHEMAS);
  const all = openQueryRecords(state, new Date());
  records.forEach((record) => all.insert(record));
  state.close();
}

test.each(['QUEUED', 'RUNNING'] as const)(
  'a query that was %s when the process was killed is FAILED at the next start',
  async (state) => {
    leave(recordOf('11111111-1111-1111-1111-111111111111', { state }));
    const aws = await openEmbedded({ dataDir });
    const { QueryExecution } = await aws
      .clients()
      .athena.getQueryExecution({ QueryExecutionId: '11111111-1111-1111-1111-111111111111' });
    expect(QueryExecution?.Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: 'The server ended while the query was running',
      AthenaError: { ErrorCategory: 1, Retryable: true },
    });
    await aws.close();
  },
);

test('queries are kept for 45 days', async () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3600 * 1000);
  leave(
    recordOf('22222222-2222-2222-2222-222222222222', { state: 'SUCCEEDED', submittedAt: daysAgo(46) }),
    recordOf('33333333-3333-3333-3333-333333333333', { state: 'SUCCEEDED', submittedAt: daysAgo(44) }),
  );
  const aws = await openEmbedded({ dataDir });
  const { QueryExecutionIds } = await aws.clients().athena.listQueryExecutions({});
  expect(QueryExecutionIds).toEqual(['33333333-3333-3333-3333-333333333333']);
  await aws.close();
});

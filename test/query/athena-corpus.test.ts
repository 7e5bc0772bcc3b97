// The whole corpus through Athena's operations, with the SDK's client.
import { setTimeout as delay } from 'node:timers/promises';
import type { Athena } from '@aws-sdk/client-athena';
import { describe, it } from 'vitest';
import { openEmbedded } from '../../src/embedded.js';
import { type Answer, type Queries, runScenario, scenarios } from './corpus.js';

async function open(): Promise<Queries> {
  const aws = await openEmbedded();
  const { athena, glue, s3 } = aws.clients();
  await s3.createBucket({ Bucket: 'lake' });
  await s3.createBucket({ Bucket: 'answers' });
  await glue.createDatabase({ DatabaseInput: { Name: 'web' } });
  return {
    async put(key, text) {
      await s3.putObject({ Bucket: 'lake', Key: key, Body: text });
    },
    run: (statement) => run(athena, statement),
    close: () => aws.close(),
  };
}

async function run(athena: Athena, QueryString: string): Promise<Answer | { failure: string }> {
  let QueryExecutionId: string | undefined;
  try {
    ({ QueryExecutionId } = await athena.startQueryExecution({
      QueryString,
      QueryExecutionContext: { Database: 'web' },
      ResultConfiguration: { OutputLocation: 's3://answers/' },
    }));
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidRequestException') return { failure: error.message };
    throw error;
  }
  for (;;) {
    const { QueryExecution } = await athena.getQueryExecution({ QueryExecutionId });
    const { State, StateChangeReason = '' } = QueryExecution?.Status ?? {};
    if (State === 'FAILED') return { failure: StateChangeReason };
    if (State === 'SUCCEEDED')
      return answer(athena, QueryExecutionId, QueryExecution?.StatementType === 'DML');
    await delay(3);
  }
}

async function answer(
  athena: Athena,
  QueryExecutionId: string | undefined,
  hasHeader: boolean,
): Promise<Answer> {
  const { ResultSet } = await athena.getQueryResults({ QueryExecutionId });
  const rows = (ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map((cell) => cell.VarCharValue ?? null));
  return {
    columns: (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '', Type = '' }) => ({
      name: Name,
      type: Type,
    })),
    rows: hasHeader ? rows.slice(1) : rows,
  };
}

describe('the corpus through Athena', () => {
  it.each(scenarios())('$scenario', async (scenario) => {
    await runScenario(scenario, open);
  });
});

// The AWS CLI and Athena, against a server: from a workgroup to rows, and what goes wrong.
import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { clientEnvironment, findPythonClients } from './python-clients.js';

const run = promisify(execFile);
const { python, missing } = findPythonClients(['awscli']);

describe.skipIf(missing)(`the AWS CLI and Athena${missing ? ` (${missing})` : ''}`, () => {
  let aws: Embedded;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    aws = await openEmbedded();
    const { endpoint } = await aws.listen({ port: 0 });
    environment = clientEnvironment(endpoint, python);
    const { s3, glue } = aws.clients();
    await s3.createBucket({ Bucket: 'lake' });
    await s3.putObject({ Bucket: 'lake', Key: 'people/a.csv', Body: '1,Ann\n2,Bob\n3,\n' });
    await glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  });
  afterAll(() => aws.close());

  const athena = async <Answer>(...words: string[]): Promise<Answer> => {
    const program = python.includes('/') ? resolve(dirname(python), 'aws') : 'aws';
    const { stdout } = await run(program, ['athena', ...words, '--output', 'json'], { env: environment });
    return (stdout === '' ? {} : JSON.parse(stdout)) as Answer;
  };
  const failing = async (...words: string[]): Promise<string> => {
    try {
      await athena(...words);
    } catch (error) {
      return (error as { stderr: string }).stderr.trim();
    }
    throw new Error(`aws athena ${words.join(' ')} did not fail.`);
  };
  const start = async (query: string, ...words: string[]) => {
    const { QueryExecutionId } = await athena<{ QueryExecutionId: string }>(
      'start-query-execution',
      '--work-group',
      'reports',
      '--query-execution-context',
      'Database=shop',
      '--query-string',
      query,
      ...words,
    );
    return QueryExecutionId;
  };
  interface Execution {
    QueryExecution: {
      Status: { State: string; StateChangeReason?: string; AthenaError?: { ErrorType: number } };
      StatementType: string;
      SubstatementType: string;
      WorkGroup: string;
      ResultConfiguration: { OutputLocation: string };
    };
  }
  const ended = async (id: string) => {
    for (;;) {
      const { QueryExecution } = await athena<Execution>('get-query-execution', '--query-execution-id', id);
      if (!['QUEUED', 'RUNNING'].includes(QueryExecution.Status.State)) return QueryExecution;
      await delay(20);
    }
  };
  const rowsOf = async (id: string) => {
    const { ResultSet } = await athena<{ ResultSet: { Rows: { Data: { VarCharValue?: string }[] }[] } }>(
      'get-query-results',
      '--query-execution-id',
      id,
    );
    return ResultSet.Rows.map(({ Data }) => Data.map(({ VarCharValue = null }) => VarCharValue));
  };

  it('makes a workgroup and a table, and gets the rows of a query', async () => {
    await athena(
      'create-work-group',
      '--name',
      'reports',
      '--configuration',
      'ResultConfiguration={OutputLocation=s3://lake/reports/},EnforceWorkGroupConfiguration=true',
    );
    const made = await ended(
      await start(
        "CREATE EXTERNAL TABLE people (id int, name string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/people/'",
      ),
    );
    expect(made).toMatchObject({ StatementType: 'DDL', Status: { State: 'SUCCEEDED' } });
    const id = await start(
      "SELECT id, nullif(name, '') AS name FROM people WHERE id > ? ORDER BY id",
      '--execution-parameters',
      '1',
    );
    expect(await ended(id)).toMatchObject({
      StatementType: 'DML',
      SubstatementType: 'SELECT',
      WorkGroup: 'reports',
      Status: { State: 'SUCCEEDED' },
      ResultConfiguration: { OutputLocation: `s3://lake/reports/${id}.csv` },
    });
    expect(await rowsOf(id)).toEqual([
      ['id', 'name'],
      ['2', 'Bob'],
      ['3', null],
    ]);
  });

  it('keeps named queries and prepared statements', async () => {
    const { NamedQueryId } = await athena<{ NamedQueryId: string }>(
      'create-named-query',
      ...['--name', 'everybody', '--database', 'shop', '--work-group', 'reports'],
      ...['--query-string', 'SELECT count(*) FROM people'],
    );
    const { NamedQuery } = await athena<{ NamedQuery: { QueryString: string } }>(
      'get-named-query',
      '--named-query-id',
      NamedQueryId,
    );
    expect(await rowsOf(await finished(NamedQuery.QueryString))).toEqual([['_col0'], ['3']]);
    await athena(
      'create-prepared-statement',
      ...['--statement-name', 'one', '--work-group', 'reports'],
      ...['--query-statement', 'SELECT name FROM people WHERE id = ?'],
    );
    expect(await rowsOf(await finished('EXECUTE one USING 1'))).toEqual([['name'], ['Ann']]);
  });

  const finished = async (query: string) => {
    const id = await start(query);
    expect((await ended(id)).Status).toMatchObject({ State: 'SUCCEEDED' });
    return id;
  };

  it('is told what is wrong with a query, a workgroup and an id', async () => {
    expect(await failing('start-query-execution', '--query-string', 'SELECT 1', '--work-group', 'none')).toBe(
      'An error occurred (InvalidRequestException) when calling the StartQueryExecution operation: WorkGroup none is not found.',
    );
    expect(
      await failing('start-query-execution', '--query-string', 'SELECT FROM', '--work-group', 'reports'),
    ).toMatch(
      /\(InvalidRequestException\) when calling the StartQueryExecution operation: line 1:8: mismatched input 'FROM'/,
    );
    const id = await start('SELECT age FROM people');
    expect((await ended(id)).Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason:
        "COLUMN_NOT_FOUND: line 1:8: Column 'age' cannot be resolved or requester is not authorized to access requested resources",
      AthenaError: { ErrorCategory: 2, ErrorType: 1006, Retryable: false },
    });
    expect(await failing('get-query-results', '--query-execution-id', id)).toMatch(
      /Query did not finish successfully. Final query state: FAILED$/,
    );
    const unknown = '00000000-0000-0000-0000-000000000000';
    expect(await failing('get-query-execution', '--query-execution-id', unknown)).toMatch(
      new RegExp(`\\(InvalidRequestException\\).*QueryExecution ${unknown} was not found$`),
    );
  });

  it('lists what was run, and stops what runs', async () => {
    const id = await start(
      'SELECT count(*) FROM UNNEST(sequence(1, 10000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 10000)) AS b (y) CROSS JOIN UNNEST(sequence(1, 10000)) AS c (z) WHERE x * y % 7 = z % 5',
    );
    const { QueryExecutionIds } = await athena<{ QueryExecutionIds: string[] }>(
      'list-query-executions',
      '--work-group',
      'reports',
      '--max-items',
      '2',
    );
    expect(QueryExecutionIds[0]).toBe(id);
    await athena('stop-query-execution', '--query-execution-id', id);
    expect((await ended(id)).Status.State).toBe('CANCELLED');
    expect(await failing('delete-work-group', '--work-group', 'reports')).toMatch(/InvalidRequestException/);
    await athena('delete-work-group', '--work-group', 'reports', '--recursive-delete-option');
    expect(await failing('get-work-group', '--work-group', 'reports')).toMatch(
      /WorkGroup reports is not found/,
    );
  });
});

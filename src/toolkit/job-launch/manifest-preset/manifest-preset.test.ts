// The preset `manifest`: both sets of names, the original's defaults and SQL, and its traps refused by name.
import { describe, expect, it } from 'vitest';
import { manifestPreset } from './manifest-preset.js';
import type { Environment } from './preset-variables.js';

const SOURCE: Environment = {
  AWS_REGION: 'eu-west-2',
  ENVIRONMENT: 'production',
  APPLICATION: 'glue_launcher_lambda',
  LOG_LEVEL: 'DEBUG',
  JOB_QUEUE_DEPENDENCIES_ARN_LIST:
    'arn:aws:batch:eu-west-2:1:job-queue/a,arn:aws:batch:eu-west-2:1:job-queue/b',
  ETL_GLUE_JOB_NAME: 'etl_glue_job',
  MANIFEST_MISSING_IMPORTS_TABLE_NAME: 'audit.missing_imports',
  MANIFEST_MISSING_EXPORTS_TABLE_NAME: 'audit.missing_exports',
  MANIFEST_COUNTS_PARQUET_TABLE_NAME: 'Counts',
  MANIFEST_MISMATCHED_TIMESTAMPS_TABLE_NAME: 'audit.mismatches',
  MANIFEST_S3_INPUT_PARQUET_LOCATION_MISSING_IMPORT: 's3://lake/manifest/parquet/missing_imports',
  MANIFEST_S3_INPUT_PARQUET_LOCATION_MISSING_EXPORT: 's3://lake/manifest/parquet/missing_exports/',
  MANIFEST_S3_INPUT_PARQUET_LOCATION_COUNTS: 's3://lake/manifest/parquet/counts',
  MANIFEST_S3_INPUT_PARQUET_LOCATION_MISMATCHED_TIMESTAMPS: 's3://lake/manifest/parquet/mismatches',
  MANIFEST_S3_INPUT_LOCATION_IMPORT: 's3://lake/import/',
  MANIFEST_S3_INPUT_LOCATION_EXPORT: 's3://lake/export',
  MANIFEST_S3_OUTPUT_LOCATION: 's3://lake/athena',
  MANIFEST_S3_BUCKET: 'lake',
  MANIFEST_S3_PREFIX: 'manifest',
  MANIFEST_DELETION_PREFIXES: 'results/, mismatched/',
  MANIFEST_PARQUET_S3_BASE_LOCATION: 'manifest/parquet/',
  MANIFEST_COMPARISON_SNAPSHOT_TYPE: 'full',
  MANIFEST_COMPARISON_IMPORT_TYPE: 'historic',
};

/** The names of the seed's page, where they are others, and only those that it has. */
const PAGE: Environment = {
  JOB_QUEUE_DEPENDENCIES: 'a,b',
  ETL_GLUE_JOB_NAME: 'etl_glue_job',
  MISSING_IMPORTS_TABLE_NAME: 'missing_imports',
  MISSING_EXPORTS_TABLE_NAME: 'missing_exports',
  COUNTS_TABLE_NAME: 'counts',
  MISMATCHED_TIMESTAMPS_TABLE_NAME: 'mismatches',
  MANIFEST_S3_INPUT_LOCATION_IMPORT_HISTORIC: 's3://lake/import/',
  MANIFEST_S3_INPUT_LOCATION_EXPORT_HISTORIC: 's3://lake/export/',
  MANIFEST_COMPARISON_SNAPSHOT_TYPE: 'incremental',
  MANIFEST_COMPARISON_IMPORT_TYPE: 'streaming_main',
  MANIFEST_S3_INPUT_PARQUET_LOCATION_MISSING_IMPORT: 's3://lake/p/missing_imports/',
  MANIFEST_S3_INPUT_PARQUET_LOCATION_MISSING_EXPORT: 's3://lake/p/missing_exports/',
  MANIFEST_S3_INPUT_PARQUET_LOCATION_COUNTS: 's3://lake/p/counts/',
  MANIFEST_S3_INPUT_PARQUET_LOCATION_MISMATCHED_TIMESTAMPS: 's3://lake/p/mismatches/',
  MANIFEST_S3_OUTPUT_LOCATION: 's3://lake/',
};

const noFiles = (place: string) => Promise.reject(new Error(`${place} is asked for.`));
const specOf = async (environment: Environment) => (await manifestPreset(environment, noFiles)).spec;
const refusal = (change: Environment) =>
  manifestPreset({ ...SOURCE, ...change }, noFiles).then(
    () => 'It is accepted.',
    (error: Error) => error.message,
  );

describe('the variables of the source', () => {
  it('become a spec with the defaults of the original', async () => {
    const spec = await specOf(SOURCE);
    expect(spec).toMatchObject({
      name: 'glue_launcher_lambda',
      state: 's3://lake/gluepot/launch/glue_launcher_lambda',
      require: [
        {
          batchQueuesDrained: {
            queues: ['arn:aws:batch:eu-west-2:1:job-queue/a', 'arn:aws:batch:eu-west-2:1:job-queue/b'],
          },
        },
      ],
      policy: { runsPerDay: 5, endedStatuses: ['SUCCEEDED', 'FAILED'], onDependencyFailure: 'block' },
      prepare: {
        clear: [
          's3://lake/manifest/results/',
          's3://lake/manifest/mismatched/',
          's3://lake/manifest/parquet/',
        ],
        trash: 's3://lake/gluepot/trash/glue_launcher_lambda/',
        athena: { output: 's3://lake/athena/' },
      },
      start: {
        job: 'etl_glue_job',
        arguments: {
          '--cut_off_time_start': '${cutOffStartMs}',
          '--cut_off_time_end': '${cutOffEndMs}',
          '--margin_of_error': '${cutOffEndWithMarginMs}',
          '--import_type': 'historic',
          '--snapshot_type': 'full',
          '--import_prefix': 's3://lake/import',
          '--export_prefix': 's3://lake/export',
          '--enable-metrics': '',
        },
        window: { start: 'PREVIOUS_DAY_MIDNIGHT', end: 'TODAY_MIDNIGHT', marginMinutes: 2 },
      },
    });
  });

  it('name four tables, without a database those of default', async () => {
    const { prepare } = await specOf(SOURCE);
    expect(
      prepare.tables.map(({ database, table, parameters }) => [
        database,
        table,
        parameters['location']?.value,
      ]),
    ).toEqual([
      ['audit', 'missing_imports', 's3://lake/manifest/parquet/missing_imports/'],
      ['audit', 'missing_exports', 's3://lake/manifest/parquet/missing_exports/'],
      ['default', 'counts', 's3://lake/manifest/parquet/counts/'],
      ['audit', 'mismatches', 's3://lake/manifest/parquet/mismatches/'],
    ]);
  });

  it.each([
    ['MAX_DAILY_RUNS', '12', { policy: { runsPerDay: 12 } }],
    [
      'IGNORED_JOB_STATUSES',
      'RUNNING, FAILED',
      { policy: { endedStatuses: ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'SUCCEEDED'] } },
    ],
    [
      'MANIFEST_COMPARISON_CUT_OFF_DATE_START',
      '2021-03-01 12:30:00',
      { start: { window: { start: '2021-03-01 12:30:00' } } },
    ],
    [
      'MANIFEST_COMPARISON_CUT_OFF_DATE_START',
      'previous_day_midnight',
      { start: { window: { start: 'PREVIOUS_DAY_MIDNIGHT' } } },
    ],
    [
      'MANIFEST_COMPARISON_CUT_OFF_DATE_END',
      'Today_Midnight',
      { start: { window: { end: 'TODAY_MIDNIGHT' } } },
    ],
    ['MANIFEST_COMPARISON_MARGIN_OF_ERROR_MINUTES', '0', { start: { window: { marginMinutes: 0 } } }],
    ['GLUEPOT_LAUNCH_STATE', 's3://other/state', { state: 's3://other/state' }],
    ['GLUEPOT_LAUNCH_TRASH', 's3://other/trash/', { prepare: { trash: 's3://other/trash/' } }],
    ['GLUEPOT_LAUNCH_ON_DEPENDENCY_FAILURE', 'proceed', { policy: { onDependencyFailure: 'proceed' } }],
    ['APPLICATION', 'with spaces', { name: 'manifest' }],
    [
      'MANIFEST_PARQUET_S3_BASE_LOCATION',
      '',
      { prepare: { clear: ['s3://lake/manifest/results/', 's3://lake/manifest/mismatched/'] } },
    ],
    ['MANIFEST_PARQUET_S3_BASE_LOCATION', 'manifest/', { prepare: { clear: ['s3://lake/manifest/'] } }],
  ])('%s=%s is heeded', async (name, value, expected) => {
    expect(await specOf({ ...SOURCE, [name]: value })).toMatchObject(expected);
  });
});

it('takes the names of the original’s page, too', async () => {
  const spec = await specOf(PAGE);
  expect(spec).toMatchObject({
    name: 'manifest',
    state: 's3://lake/gluepot/launch/manifest',
    require: [{ batchQueuesDrained: { queues: ['a', 'b'] } }],
    prepare: { clear: [], athena: { output: 's3://lake/' } },
    start: { arguments: { '--import_prefix': 's3://lake/import', '--export_prefix': 's3://lake/export' } },
  });
  expect(spec.prepare.tables.map(({ table }) => table)).toEqual([
    'missing_imports',
    'missing_exports',
    'counts',
    'mismatches',
  ]);
});

describe('what it becomes', () => {
  it('is a spec file that says the same', async () => {
    const { parseLaunchSpec } = await import('../read-launch-spec.js');
    const { spec, yaml } = await manifestPreset(SOURCE, noFiles);
    expect(await parseLaunchSpec(yaml, 'launch.yaml', noFiles)).toEqual(spec);
  });

  it('has the SQL of one’s own files, as they were written for the original', async () => {
    const asked: string[] = [];
    const sql = `CREATE EXTERNAL TABLE IF NOT EXISTS [table_name] (\`mine\` string)\nLOCATION '[s3_input_location]';`;
    const { spec } = await manifestPreset({ ...SOURCE, GLUEPOT_LAUNCH_SQL: 's3://lake/sql/' }, (place) => {
      asked.push(place);
      return Promise.resolve(sql);
    });
    expect(asked).toEqual([
      's3://lake/sql/create-missing-import-table.sql',
      's3://lake/sql/create-missing-export-table.sql',
      's3://lake/sql/create-count-table.sql',
      's3://lake/sql/create-parquet-table.sql',
    ]);
    expect(spec.prepare.tables[0]?.sql).toBe(
      'CREATE EXTERNAL TABLE IF NOT EXISTS ${table} (`mine` string)\nLOCATION ${location};',
    );
  });
});

describe('a trap of the original is refused by its name', () => {
  it.each([
    ['MANIFEST_DELETION_PREFIXES', '', 'takes that for all below MANIFEST_S3_PREFIX, "manifest"'],
    ['MANIFEST_DELETION_PREFIXES', 'results', '"results_archive/" would be cleared, too. Write "results/"'],
    ['MANIFEST_DELETION_PREFIXES', 'results/,', 'has an empty item'],
    ['MANIFEST_DELETION_PREFIXES', '/results/', 'begins with a slash'],
    ['MANIFEST_DELETION_PREFIXES', 's3://lake/results/', 'is a URI'],
    ['MANIFEST_PARQUET_S3_BASE_LOCATION', 'manifest/parquet', 'Write "manifest/parquet/"'],
    ['MANIFEST_S3_PREFIX', 'manifest/', 'without a slash at either end'],
    ['MANIFEST_S3_PREFIX', '', 'is not set or empty'],
    ['MAX_DAILY_RUNS', 'five', 'must be a whole number from'],
    ['MAX_DAILY_RUNS', '0', 'a whole number from 1 to 1000'],
    ['MANIFEST_COMPARISON_MARGIN_OF_ERROR_MINUTES', '-2', 'must be a whole number from'],
    ['MANIFEST_COMPARISON_CUT_OFF_DATE_END', '2021-02-31 00:00:00', 'is no time that there is'],
    ['MANIFEST_COMPARISON_CUT_OFF_DATE_END', 'yesterday', 'must be PREVIOUS_DAY_MIDNIGHT'],
    ['IGNORED_JOB_STATUSES', 'RUNNING,DONE', 'DONE is none of SUBMITTED'],
    ['JOB_QUEUE_DEPENDENCIES', 'others', 'two names of one thing'],
    ['JOB_QUEUE_DEPENDENCIES_ARN_LIST', 'a,,b', 'has an empty item'],
    ['ETL_GLUE_JOB_NAME', ' ', 'must not be empty'],
    ['MANIFEST_COUNTS_PARQUET_TABLE_NAME', 'counts; DROP TABLE x', 'must be TABLE or DATABASE.TABLE'],
    ['MANIFEST_S3_INPUT_PARQUET_LOCATION_COUNTS', "s3://lake/x' --", 'is no location'],
    ['MANIFEST_COUNT_PARQUET_TABLE_NAME', 'counts', 'Did you mean MANIFEST_COUNTS_PARQUET_TABLE_NAME?'],
    ['GLUEPOT_LAUNCH_ON_DEPENDENCY_FAILURE', 'maybe', 'must be block or proceed'],
  ])('%s=%j', async (name, value, message) => {
    const lines = (await refusal({ [name]: value })).split('\n').filter((line) => line.includes(message));
    expect(lines).toEqual([expect.stringContaining(name)]);
  });

  it('also in what the spec would be: a trash that is cleared itself', async () => {
    const message = await refusal({ GLUEPOT_LAUNCH_TRASH: 's3://lake/manifest/results/trash/' });
    expect(message).toContain('s3://lake/manifest/results/ holds the trash');
  });

  it.each([
    ['ETL_GLUE_JOB_NAME', 'ETL_GLUE_JOB_NAME is not set'],
    ['MANIFEST_COMPARISON_IMPORT_TYPE', 'MANIFEST_COMPARISON_IMPORT_TYPE is not set'],
    ['MANIFEST_S3_BUCKET', 'MANIFEST_S3_BUCKET is not set'],
    ['MANIFEST_S3_INPUT_LOCATION_IMPORT', 'or MANIFEST_S3_INPUT_LOCATION_IMPORT_HISTORIC is not set'],
    ['MANIFEST_S3_INPUT_PARQUET_LOCATION_COUNTS', 'a table needs both'],
    ['MANIFEST_COUNTS_PARQUET_TABLE_NAME', 'or COUNTS_TABLE_NAME is not: a table needs both'],
  ])('%s missing', async (name, message) => {
    expect(await refusal({ [name]: undefined })).toContain(message);
  });

  it('and all of them at once', async () => {
    const message = await refusal({
      MAX_DAILY_RUNS: 'x',
      MANIFEST_DELETION_PREFIXES: '',
      ETL_GLUE_JOB_NAME: '',
    });
    expect(message.split('\n')).toHaveLength(4);
  });
});

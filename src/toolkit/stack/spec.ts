// A stack file's shape: what it may say, before any placeholder in it is filled in.
import type { CreateCrawlerRequest, CreateJobRequest, DatabaseInput } from '@aws-sdk/client-glue';
import * as v from 'valibot';

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
const count = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(0, 'must not be negative'));
/** Members of an AWS request in AWS spelling; aws-members.ts checks them against the SDK's own schema. */
const awsMembers = v.record(v.string(), v.unknown());

const key = v.pipe(
  v.string(),
  v.check((value) => !value.startsWith('/'), 'must be a key below the bucket, without a leading "/"'),
  v.check(
    (value) => !value.startsWith('s3:'),
    'must be a key below the stack’s own bucket, not an s3:// address',
  ),
);
const prefix = v.pipe(
  key,
  v.check((value) => value.endsWith('/') && value !== '/', 'must end in "/", as in "data/output/"'),
);

const upload = v.pipe(
  v.strictObject({
    /** A file, or a glob with `*`, `?` and `**`, relative to the stack file. */
    from: v.optional(text),
    /** Name of a data set that is made up on the spot: see demo-data.ts. */
    generate: v.optional(v.picklist(['weather', 'incidents'])),
    /** Key of the one object, or a prefix ending in "/" for any number of them. */
    to: v.pipe(key, v.nonEmpty('must not be empty')),
    seed: v.optional(count),
    rowCount: v.optional(
      v.pipe(count, v.minValue(1, 'must be at least 1'), v.maxValue(1_000_000, 'must be at most 1,000,000')),
    ),
  }),
  v.check(
    (value) => (value.from === undefined) !== (value.generate === undefined),
    'needs either "from" or "generate", and not both',
  ),
  v.check(
    (value) => value.generate !== undefined || (value.seed === undefined && value.rowCount === undefined),
    '"seed" and "rowCount" go with "generate" only',
  ),
  v.check(
    (value) => value.generate === undefined || value.to.endsWith('/'),
    'with "generate", "to" must be a prefix ending in "/"',
  ),
);

const runStep = v.pipe(
  v.strictObject({
    crawler: v.optional(text),
    job: v.optional(text),
    /** Arguments of the job run, over the job's DefaultArguments. */
    arguments: v.optional(v.record(v.string(), v.string())),
    /** Prefixes in the stack's bucket that are emptied before each run, because a job adds to what is there. */
    emptyFirst: v.optional(v.array(prefix)),
    timeoutMinutes: v.optional(
      v.pipe(v.number(), v.minValue(0.01, 'must be more than 0'), v.maxValue(2880, 'must be at most 2880')),
    ),
  }),
  v.check(
    (value) => (value.crawler === undefined) !== (value.job === undefined),
    'needs either "crawler" or "job", and not both',
  ),
  v.check(
    (value) => value.crawler === undefined || value.arguments === undefined,
    '"arguments" go with "job" only',
  ),
);

const ingest = v.strictObject({
  /** Of the Glue job. */
  Name: v.pipe(text, v.regex(/^[\w-]{1,255}$/, 'must be letters, digits, "-" and "_"')),
  /** An ingest spec, or the path of its file, relative to the stack file. */
  spec: v.union([text, v.record(v.string(), v.unknown())], 'must be an ingest spec or the path of its file'),
  /** Where the objects of the source tables are, for the rights of the job's role; the stack's bucket when not given. */
  sources: v.optional(
    v.array(v.pipe(v.string(), v.startsWith('s3://', 'must be s3://BUCKET or s3://BUCKET/PREFIX'))),
  ),
  /** When the job runs by itself, as AWS Glue's triggers write it: `cron(0 3 * * ? *)`. */
  Schedule: v.optional(text),
  /** Members of CreateJob, over those that gluepot gives the job. */
  job: v.optional(awsMembers),
});

const tableExpectation = v.strictObject({
  Name: text,
  /** Instead of the stack's own database: that of an ingest. */
  DatabaseName: v.optional(text),
  classification: v.optional(text),
  recordCount: v.optional(count),
  recordCountMin: v.optional(count),
  recordCountMax: v.optional(count),
  columnCount: v.optional(count),
  /** Column name to Hive type. Columns that are not named here may be there too. */
  columns: v.optional(v.record(v.string(), v.string())),
});

const outputExpectation = v.strictObject({
  prefix,
  objectCount: v.optional(count),
  objectCountMin: v.optional(count),
  rowCount: v.optional(count),
  rowCountMin: v.optional(count),
});

export const stackShape = v.strictObject({
  name: v.pipe(
    v.string(),
    v.regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9 and "-", beginning with a letter'),
  ),
  region: v.optional(text),
  role: v.optional(
    v.strictObject({
      name: text,
      path: v.optional(v.pipe(v.string(), v.regex(/^\/([!-~]+\/)?$/, 'must begin and end with "/"'))),
      managedPolicies: v.optional(v.array(text)),
      /** Policy name to policy document. */
      inlinePolicies: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))),
    }),
  ),
  bucket: v.strictObject({
    name: text,
    /** Prefixes that belong to the stack: nothing is written for them, destroy empties them. */
    folders: v.optional(v.array(prefix)),
    upload: v.optional(v.array(upload)),
  }),
  database: v.optional(awsMembers),
  crawlers: v.optional(v.array(awsMembers)),
  jobs: v.optional(v.array(awsMembers)),
  ingests: v.optional(v.array(ingest)),
  run: v.optional(v.array(runStep)),
  verify: v.optional(
    v.strictObject({
      tables: v.optional(v.array(tableExpectation)),
      outputs: v.optional(v.array(outputExpectation)),
    }),
  ),
});

type Shape = v.InferOutput<typeof stackShape>;

/** A crawler or job as a stack file may write it: what the stack itself knows can be left out. */
export type SpecCrawler = Omit<CreateCrawlerRequest, 'Role' | 'Tags' | 'CatalogId'> & { Role?: string };
export type SpecJob = Omit<CreateJobRequest, 'Role' | 'Tags'> & { Role?: string };

export interface SpecIngest extends Omit<v.InferOutput<typeof ingest>, 'spec' | 'job'> {
  spec: Record<string, unknown>;
  job?: Partial<SpecJob>;
}

/** A stack file as read and checked. AWS's members are in AWS's spelling; everything else is ours. */
export interface StackSpec extends Omit<Shape, 'database' | 'crawlers' | 'jobs' | 'ingests'> {
  database?: DatabaseInput;
  crawlers?: SpecCrawler[];
  jobs?: SpecJob[];
  ingests?: SpecIngest[];
}

export type RunStep = NonNullable<StackSpec['run']>[number];
export type UploadSpec = NonNullable<StackSpec['bucket']['upload']>[number];
export type TableExpectation = v.InferOutput<typeof tableExpectation>;
export type OutputExpectation = v.InferOutput<typeof outputExpectation>;

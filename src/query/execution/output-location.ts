// Where a query's result goes: the workgroup's place or the client's.
import type {
  EncryptionConfiguration,
  ResultConfiguration,
  WorkGroupConfiguration,
} from '@aws-sdk/client-athena';
import { parseS3Uri, type ObjectStorage } from '../../storage/object-storage.js';
import { invalidRequest } from './invalid-request.js';
import type { SubmittedStatement } from './submitted-statement.js';

export interface ResultPlace {
  /** `s3://bucket/prefix/`, or without a prefix. */
  folder: string;
  encryption?: EncryptionConfiguration;
  expectedBucketOwner?: string;
}

/**
 * AWS docs: with EnforceWorkGroupConfiguration the client's settings are ignored, otherwise they come first.
 * @throws AwsError InvalidRequestException when there is no place, or it is none
 */
export function resultPlace(
  client: ResultConfiguration | undefined,
  workGroup: WorkGroupConfiguration,
  storage: ObjectStorage,
  accountId: string,
): ResultPlace {
  const group = workGroup.ResultConfiguration ?? {};
  const isEnforced = workGroup.EnforceWorkGroupConfiguration === true;
  const chosen = isEnforced ? group : { ...group, ...withoutUndefined(client ?? {}) };
  const location = chosen.OutputLocation;
  if (location === undefined || location === '') {
    throw invalidRequest(
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    );
  }
  const place = parseS3Uri(location);
  if (!place || !location.startsWith('s3://')) throw invalidRequest('outputLocation is not a valid S3 path.');
  if (!storage.hasBucket(place.bucket))
    throw invalidRequest(`Unable to verify/create output bucket ${place.bucket}`);
  const owner = chosen.ExpectedBucketOwner;
  if (owner !== undefined && owner !== accountId) {
    throw invalidRequest(
      `Unable to verify/create output bucket ${place.bucket}: it is owned by ${accountId}, not by ${owner} as ExpectedBucketOwner says`,
    );
  }
  return {
    folder: location.endsWith('/') ? location : `${location}/`,
    ...(chosen.EncryptionConfiguration && { encryption: chosen.EncryptionConfiguration }),
    ...(owner !== undefined && { expectedBucketOwner: owner }),
  };
}

function withoutUndefined<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The object that OutputLocation names: a CSV file of rows, a text, or for what writes data the stem of its manifest. */
export function outputLocation(folder: string, id: string, statement: SubmittedStatement): string {
  switch (statement.kind) {
    case 'select':
    case 'execute':
      return `${folder}${id}.csv`;
    case 'create-table-as':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return `${folder}tables/${id}`;
    case 'unload':
      return `${folder}${id}`;
    default:
      return `${folder}${id}.txt`;
  }
}

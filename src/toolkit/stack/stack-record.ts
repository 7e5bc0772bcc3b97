// What was last applied, kept as one object in the stack's own bucket: the base against which changes are told from drift.
//
// Tags say what is ours; they cannot say which members a former file asked for, nor which objects were uploaded. The record
// lies in the bucket and not beside the file, so that everybody who works on the account shares it, and it goes with the stack.
// It is written before anything is changed (state `applying`, what was and what will be) and after (state `applied`).
// Without it nothing breaks: what cannot be known is left alone.
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GluepotError } from '../../base/errors.js';
import { isAwsError } from '../../aws/aws-failure.js';
import type { Resource } from './resource.js';
import type { StackScope } from './stack-scope.js';

/** Crawlers and query engines skip files whose name begins with a dot. */
export const RECORD_KEY = '.gluepot-stack.json';

const SCHEMA_VERSION = 1;

export interface RecordedObject {
  key: string;
  sha256: string;
  /** As S3 answered it, without quotes. */
  etag: string;
}

export interface StackRecord {
  schemaVersion: number;
  stack: string;
  /** `applying` when an apply did not come to its end: then `resources` holds both what was and what was to be. */
  state: 'applying' | 'applied';
  updatedAt: string;
  resources: Resource[];
  objects: RecordedObject[];
}

export interface StoredRecord {
  record: StackRecord;
  /** For a conditional write; undefined when there is no record yet. */
  etag: string | undefined;
}

/** @returns undefined when there is none, or the bucket is not there. @throws GluepotError `guard-refused` for a newer gluepot's */
export async function readStackRecord(scope: StackScope, Bucket: string): Promise<StoredRecord | undefined> {
  try {
    const answer = await scope.clients.s3.send(new GetObjectCommand({ Bucket, Key: RECORD_KEY }), {
      abortSignal: scope.signal,
    });
    const record = parseRecord(await answer.Body?.transformToString(), Bucket);
    return { record, etag: answer.ETag };
  } catch (error) {
    if (isAwsError(error, 'NoSuchKey', 'NoSuchBucket', 'NotFound')) return undefined;
    throw error;
  }
}

function parseRecord(text = '', bucket: string): StackRecord {
  const place = `s3://${bucket}/${RECORD_KEY}`;
  let record: Partial<StackRecord> | null;
  try {
    record = JSON.parse(text) as Partial<StackRecord> | null;
  } catch (error) {
    throw new GluepotError(
      'guard-refused',
      `${place} is not JSON, so what was last applied is unknown. Repair it or delete it.`,
      { cause: error },
    );
  }
  if (
    record?.schemaVersion !== SCHEMA_VERSION ||
    !Array.isArray(record.resources) ||
    !Array.isArray(record.objects)
  ) {
    throw new GluepotError(
      'guard-refused',
      `${place} is not a record that this gluepot understands. Upgrade gluepot, or delete it.`,
    );
  }
  return record as StackRecord;
}

/**
 * Replaces the record if it is still the one with `etag` (none yet when undefined).
 * @returns the new record's ETag
 * @throws GluepotError `conflict` when somebody else wrote it meanwhile
 */
export async function writeStackRecord(
  scope: StackScope,
  Bucket: string,
  record: Omit<StackRecord, 'schemaVersion' | 'stack' | 'updatedAt'>,
  etag: string | undefined,
): Promise<string | undefined> {
  const content: StackRecord = {
    schemaVersion: SCHEMA_VERSION,
    stack: scope.stack,
    updatedAt: scope.clock.now().toISOString(),
    ...record,
  };
  try {
    const answer = await scope.clients.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: RECORD_KEY,
        Body: JSON.stringify(content, undefined, 2),
        ContentType: 'application/json',
        ...(etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }),
      }),
      { abortSignal: scope.signal },
    );
    return answer.ETag;
  } catch (error) {
    if (!isAwsError(error, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey')) throw error;
    throw new GluepotError(
      'conflict',
      `Another apply of stack ${scope.stack} is at work, or was since the plan. Plan again.`,
      { cause: error },
    );
  }
}

// What a bucket tells EventBridge of its objects. Source: AWS docs, "EventBridge event message structure" of S3.
import type { AwsEvent } from '../events/event.js';

/** The operation that wrote an object. */
export type CreationReason = 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';

interface ObjectFacts {
  bucket: string;
  accountId: string;
  requestId: string;
  /** Later events of a key have greater ones. */
  sequencer: string;
}

export function objectCreated(
  facts: ObjectFacts,
  object: { key: string; size: number; etag: string },
  reason: CreationReason,
): AwsEvent {
  const { key, size, etag } = object;
  return objectEvent('Object Created', facts, { key, size, etag, sequencer: facts.sequencer }, { reason });
}

export function objectDeleted(facts: ObjectFacts, key: string): AwsEvent {
  const deletion = { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' };
  return objectEvent('Object Deleted', facts, { key, sequencer: facts.sequencer }, deletion);
}

function objectEvent(
  detailType: string,
  { bucket, accountId, requestId }: ObjectFacts,
  object: object,
  why: object,
): AwsEvent {
  return {
    source: 'aws.s3',
    detailType,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object,
      'request-id': requestId,
      requester: accountId,
      'source-ip-address': '127.0.0.1',
      ...why,
    },
  };
}

// What a bucket tells queues of its objects. Source: AWS docs, "Amazon S3 Event Notifications", "Event message structure".
import type { CreationReason } from './object-event.js';

/** One configuration of a bucket: which events of which keys go to a queue. */
export interface QueueNotification {
  id: string;
  queueArn: string;
  /** `s3:ObjectCreated:*`, `s3:ObjectRemoved:Delete`, ... */
  events: readonly string[];
  /** What keys begin and end with; '' for any. */
  prefix: string;
  suffix: string;
}

export interface ObjectChange {
  /** Without `s3:` before it. */
  event: `ObjectCreated:${'Put' | 'Copy' | 'CompleteMultipartUpload'}` | 'ObjectRemoved:Delete';
  key: string;
  /** Bytes; absent for an object that is gone, as is the ETag. */
  size?: number;
  etag?: string;
}

const CREATIONS = {
  PutObject: 'ObjectCreated:Put',
  CopyObject: 'ObjectCreated:Copy',
  CompleteMultipartUpload: 'ObjectCreated:CompleteMultipartUpload',
} as const satisfies Record<CreationReason, ObjectChange['event']>;

export function creationEvent(reason: CreationReason): ObjectChange['event'] {
  return CREATIONS[reason];
}

export function isWanted(
  { events, prefix, suffix }: QueueNotification,
  { event, key }: ObjectChange,
): boolean {
  const [kind] = event.split(':');
  return (
    (events.includes(`s3:${event}`) || events.includes(`s3:${kind}:*`)) &&
    key.startsWith(prefix) &&
    key.endsWith(suffix)
  );
}

/** The body of the message. */
export function notificationMessage(
  { id }: QueueNotification,
  { event, key, size, etag }: ObjectChange,
  facts: {
    bucket: string;
    region: string;
    accountId: string;
    requestId: string;
    sequencer: string;
    time: Date;
  },
): string {
  const owner = { principalId: facts.accountId };
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: facts.region,
        eventTime: facts.time.toISOString(),
        eventName: event,
        userIdentity: owner,
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': facts.requestId },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: id,
          bucket: { name: facts.bucket, ownerIdentity: owner, arn: `arn:aws:s3:::${facts.bucket}` },
          object: {
            key: encodeKey(key),
            ...(size === undefined ? {} : { size }),
            ...(etag === undefined ? {} : { eTag: etag }),
            sequencer: facts.sequencer,
          },
        },
      },
    ],
  });
}

/** What S3 sends to a queue that it is told of, to see whether it may. */
export function testMessage(facts: { bucket: string; requestId: string; time: Date }): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: facts.time.toISOString(),
    Bucket: facts.bucket,
    RequestId: facts.requestId,
  });
}

/** AWS docs: keys are URL-encoded, `red flower.jpg` is `red+flower.jpg`; slashes stay. */
function encodeKey(key: string): string {
  return key
    .split('/')
    .map((segment) => encodeURIComponent(segment).replaceAll('%20', '+'))
    .join('/');
}

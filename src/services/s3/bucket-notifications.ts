// A bucket's notifications: to queues and to EventBridge.
import type { NotificationConfiguration, QueueConfiguration } from '@aws-sdk/client-s3';
import { testMessage, type QueueNotification } from '../../storage/queue-notification.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import type { S3Parts } from './s3-parts.js';

/** What objects here go through; buckets are not versioned, restored or replicated. */
const EVENTS = [
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
];

export function bucketNotificationOperations({ storage: { buckets }, queues, clock, ids }: S3Parts) {
  const notificationOf = ({
    Id,
    QueueArn = '',
    Events = [],
    Filter,
  }: QueueConfiguration): QueueNotification => {
    const unknown = Events.find((event) => !EVENTS.includes(event));
    if (unknown !== undefined) throw notHere(`The event ${unknown}`, `Here there are ${EVENTS.join(', ')}.`);
    const rules = Filter?.Key?.FilterRules ?? [];
    const valueOf = (name: string) => {
      const values = rules
        .filter((rule) => rule.Name?.toLowerCase() === name)
        .map(({ Value }) => Value ?? '');
      if (values.length > 1) {
        throw invalid(`Cannot specify more than one ${name} rule in a filter: ${JSON.stringify(values)}.`);
      }
      return values[0] ?? '';
    };
    return {
      id: Id ?? ids.uuid(),
      queueArn: QueueArn,
      events: Events,
      prefix: valueOf('prefix'),
      suffix: valueOf('suffix'),
    };
  };
  const hasQueue = (arn: string) => {
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    return arn === queues.arnOf(name) && queues.list({ prefix: name }).includes(name);
  };
  return {
    PutBucketNotificationConfiguration({
      Bucket,
      NotificationConfiguration: given,
      SkipDestinationValidation,
    }) {
      refuseOtherTargets(given);
      const notifications = (given.QueueConfigurations ?? []).map(notificationOf);
      requireDisjoint(notifications);
      const missing = SkipDestinationValidation
        ? undefined
        : notifications.find(({ queueArn }) => !hasQueue(queueArn));
      if (missing) {
        throw invalid(
          `Unable to validate the following destination configurations: there is no queue ${missing.queueArn}.`,
        );
      }
      const known = new Set(buckets.tellsOf(Bucket).queues.map(({ queueArn }) => queueArn));
      buckets.update(Bucket, {
        sendsEvents: given.EventBridgeConfiguration !== undefined,
        queueNotifications: notifications,
      });
      const added = new Set(notifications.map(({ queueArn }) => queueArn).filter((arn) => !known.has(arn)));
      for (const arn of added) {
        queues.tell(
          arn,
          testMessage({ bucket: Bucket, requestId: ids.hex(8).toUpperCase(), time: clock.now() }),
        );
      }
      return {};
    },
    GetBucketNotificationConfiguration({ Bucket }) {
      const { sendsEvents, queueNotifications = [] } = buckets.get(Bucket);
      return {
        ...(sendsEvents ? { EventBridgeConfiguration: {} } : {}),
        ...(queueNotifications.length > 0 ? { QueueConfigurations: queueNotifications.map(describe) } : {}),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;
}

function describe({ id, queueArn, events, prefix, suffix }: QueueNotification): QueueConfiguration {
  const rules = [
    ...(prefix === '' ? [] : [{ Name: 'prefix' as const, Value: prefix }]),
    ...(suffix === '' ? [] : [{ Name: 'suffix' as const, Value: suffix }]),
  ];
  return {
    Id: id,
    QueueArn: queueArn,
    Events: events as QueueConfiguration['Events'],
    ...(rules.length > 0 ? { Filter: { Key: { FilterRules: rules } } } : {}),
  };
}

function refuseOtherTargets(given: NotificationConfiguration): void {
  for (const name of ['TopicConfigurations', 'LambdaFunctionConfigurations'] as const) {
    if ((given[name]?.length ?? 0) > 0) {
      throw notHere(name, 'Use QueueConfigurations, or EventBridgeConfiguration and a rule.');
    }
  }
}

/** AWS docs: two configurations must not hear of one event of one key. */
function requireDisjoint(notifications: readonly QueueNotification[]): void {
  notifications.forEach((one, index) => {
    for (const other of notifications.slice(index + 1)) {
      const isShared = one.events.some((event) =>
        other.events.some((another) => isSameEvent(event, another)),
      );
      const areNested = (a: string, b: string, nests: (a: string, b: string) => boolean) =>
        nests(a, b) || nests(b, a);
      if (
        isShared &&
        areNested(one.prefix, other.prefix, (a, b) => a.startsWith(b)) &&
        areNested(one.suffix, other.suffix, (a, b) => a.endsWith(b))
      ) {
        throw invalid(
          `Configurations overlap. Configurations on the same bucket cannot share a common event type: ${one.id} and ${other.id}.`,
        );
      }
    }
  });
}

function isSameEvent(one: string, other: string): boolean {
  const covers = (wide: string, event: string) =>
    wide === event || (wide.endsWith(':*') && event.startsWith(wide.slice(0, -1)));
  return covers(one, other) || covers(other, one);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidArgument', message);
}

function notHere(what: string, instead: string): AwsError {
  return new AwsError('NotImplemented', `${what} is not supported here. ${instead}`, { statusCode: 501 });
}

// Tells EventBridge and queues of objects, for buckets that are configured so.
import type { Ids } from '../base/ids.js';
import type { EmitEvent } from '../events/event.js';
import type { Buckets } from './bucket.js';
import { objectCreated, objectDeleted, type CreationReason } from './object-event.js';
import { creationEvent, isWanted, notificationMessage, type ObjectChange } from './queue-notification.js';

/** Called when the change is made: a process that dies in the instant between loses the event, as S3 may. */
export interface TellOfObjects {
  created(bucket: string, object: { key: string; size: number; etag: string }, reason: CreationReason): void;
  deleted(bucket: string, key: string): void;
}

/** Puts a message into a queue; one that is gone is nobody's loss. */
export type SendToQueue = (queueArn: string, body: string) => void;

export interface TellingParts {
  emit: EmitEvent;
  sendToQueue: SendToQueue;
  ids: Ids;
  accountId: string;
  region: string;
  now: () => Date;
}

export function tellOfObjects(
  buckets: Pick<Buckets, 'tellsOf'>,
  { emit, sendToQueue, ids, accountId, region, now }: TellingParts,
): TellOfObjects {
  let lastTime = 0;
  const factsOf = (bucket: string) => {
    // Microseconds, so that two events of one millisecond differ.
    lastTime = Math.max(now().getTime() * 1000, lastTime + 1);
    const sequencer = lastTime.toString(16).toUpperCase().padStart(16, '0');
    return { bucket, accountId, requestId: ids.hex(8).toUpperCase(), sequencer };
  };
  const tellQueues = (bucket: string, change: ObjectChange) => {
    for (const notification of buckets.tellsOf(bucket).queues) {
      if (!isWanted(notification, change)) continue;
      const facts = { ...factsOf(bucket), region, time: now() };
      sendToQueue(notification.queueArn, notificationMessage(notification, change, facts));
    }
  };
  return {
    created(bucket, object, reason) {
      if (buckets.tellsOf(bucket).isEventBridge) emit(objectCreated(factsOf(bucket), object, reason));
      tellQueues(bucket, { event: creationEvent(reason), ...object });
    },
    deleted(bucket, key) {
      if (buckets.tellsOf(bucket).isEventBridge) emit(objectDeleted(factsOf(bucket), key));
      tellQueues(bucket, { event: 'ObjectRemoved:Delete', key });
    },
  };
}

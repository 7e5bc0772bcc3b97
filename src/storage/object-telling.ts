// Tells EventBridge of objects, for buckets that are configured so.
import type { Ids } from '../base/ids.js';
import type { EmitEvent } from '../events/event.js';
import type { Buckets } from './bucket.js';
import { objectCreated, objectDeleted, type CreationReason } from './object-event.js';

/** Called when the change is made: a process that dies in the instant between loses the event, as S3 may. */
export interface TellOfObjects {
  created(bucket: string, object: { key: string; size: number; etag: string }, reason: CreationReason): void;
  deleted(bucket: string, key: string): void;
}

export function tellOfObjects(
  buckets: Pick<Buckets, 'sendsEvents'>,
  { emit, ids, accountId, now }: { emit: EmitEvent; ids: Ids; accountId: string; now: () => Date },
): TellOfObjects {
  let lastTime = 0;
  const factsOf = (bucket: string) => {
    // Microseconds, so that two events of one millisecond differ.
    lastTime = Math.max(now().getTime() * 1000, lastTime + 1);
    const sequencer = lastTime.toString(16).toUpperCase().padStart(16, '0');
    return { bucket, accountId, requestId: ids.hex(8).toUpperCase(), sequencer };
  };
  return {
    created(bucket, object, reason) {
      if (buckets.sendsEvents(bucket)) emit(objectCreated(factsOf(bucket), object, reason));
    },
    deleted(bucket, key) {
      if (buckets.sendsEvents(bucket)) emit(objectDeleted(factsOf(bucket), key));
    },
  };
}

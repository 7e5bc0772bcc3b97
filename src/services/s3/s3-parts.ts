// What the operations of S3 are made over.
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import type { Queues } from '../../queues/open-queues.js';
import type { LocalObjectStorage } from '../../storage/local-object-storage.js';

export interface S3Parts {
  storage: LocalObjectStorage;
  queues: Queues;
  clock: Clock;
  ids: Ids;
  accountId: string;
}

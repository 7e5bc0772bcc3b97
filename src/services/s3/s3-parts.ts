// What the operations of S3 are made over.
import type { Clock } from '../../base/clock.js';
import type { LocalObjectStorage } from '../../storage/local-object-storage.js';

export interface S3Parts {
  storage: LocalObjectStorage;
  clock: Clock;
  accountId: string;
}

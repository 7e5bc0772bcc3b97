// What a crawl looks with: the account's parts, its role's permissions, and whom it tells.
import type { Clock } from '../base/clock.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Connections } from '../catalog/connection.js';
import type { DynamoDb } from '../dynamodb/open-dynamodb.js';
import type { RoleSession } from '../identity/role-session.js';
import type { ObjectStorage } from '../storage/object-storage.js';
import type { Classifiers } from './classifiers/open-classifiers.js';
import type { ChangedObject } from './events/s3-event-message.js';
import type { CrawlProgress } from './crawl-progress.js';
import type { CrawlLog } from './record/crawl-log.js';

export interface PlanContext {
  catalog: Catalog;
  connections: Pick<Connections, 'get'>;
  classifiers: Classifiers;
  storage: ObjectStorage;
  dynamodb: DynamoDb;
  /** Whose permissions the crawl has. */
  session: RoleSession;
  accountId: string;
  region: string;
  clock: Clock;
  crawlId: string;
  /** Takes what people should know of the data: damaged objects, targets without a table. */
  log: CrawlLog;
  progress: CrawlProgress;
  /** In event mode: the objects that came or went since the last crawl; nothing else is looked at. */
  changed?: readonly ChangedObject[];
  signal: AbortSignal;
}

// A plan: what would be done to a catalog, object by object, each with its reason. Pure data; it can be saved and applied later.
import type { CatalogObjectKey, Definition } from './catalog-object.js';

/** Where knowledge of a definition comes from. */
export type Evidence =
  | { from: 'snapshot'; snapshotId: string; takenAt: string }
  | { from: 'table-version'; VersionId: string; updateTime?: string }
  | { from: 'crawl-changes'; crawlId: string }
  | { from: 'creation-time'; createTime: string; windowStart: string; windowEnd?: string }
  | { from: 'backup-file'; location: string };

/**
 * What happens to an object. `recreate` makes anew what was deleted altogether. `skip` and `conflict` change nothing:
 * a skip lacks evidence or need, a conflict is an edit of somebody else's that stands in the way.
 */
export type Action = 'create' | 'update' | 'delete' | 'recreate' | 'skip' | 'conflict';

export interface Change {
  action: Action;
  key: CatalogObjectKey;
  /** What was found; undefined when the object is not there. */
  current?: Definition | undefined;
  /** What is to be; undefined when it is to be gone. Both undefined for a skip for want of evidence. */
  wanted?: Definition | undefined;
  /** Of the table when it was looked at: the update is refused when it has moved. */
  VersionId?: string | undefined;
  /** For people: why this is done, or not done. */
  reason: string;
  evidence: readonly Evidence[];
}

/** What a plan is for. */
export interface PlanSubject {
  operation: 'crawl-undo' | 'crawl-redo' | 'snapshot-restore' | 'dynamodb-catalog' | 'job-launch';
  /** E.g. the crawler and crawl, the snapshot: everything that was resolved, printed to people. */
  resolved: Readonly<Record<string, string>>;
}

export interface Plan {
  schemaVersion: 2;
  planId: string;
  createdAt: string;
  accountId: string;
  region: string;
  /** Of the catalog, when it is not the account's own. */
  CatalogId?: string;
  subject: PlanSubject;
  /**
   * In the order in which they are applied. Each is a view of compressed text, some hundred bytes a change, and decodes its key and
   * definitions whenever they are read.
   */
  changes: readonly Change[];
  /** SHA-256 over all that the plan says. A plan that says something else by now is refused where it is read, and by apply. */
  planHash: string;
}

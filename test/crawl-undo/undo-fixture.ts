// A lake that is crawled for real, with time that goes on between one act and the next, for tests of undo.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableInput } from '@aws-sdk/client-glue';
import { systemClock, type Clock } from '../../src/base/clock.js';
import { definitionHash } from '../../src/change/canonical-definition.js';
import {
  keyLabel,
  keyText,
  openDocumentStore,
  type CatalogObject,
  type CatalogObjectKind,
  type Plan,
} from '../../src/change/index.js';
import {
  observePartitionIndexes,
  observePartitions,
  observeTables,
} from '../../src/change/observe-catalog.js';
import { snapshotCatalog, type SnapshotScope } from '../../src/toolkit/catalog-snapshot/index.js';
import type { Crawl } from '../../src/toolkit/crawl-undo/crawl.js';
import { applyUndo } from '../../src/toolkit/crawl-undo/apply-undo.js';
import { findCrawls, type CrawlsAsked } from '../../src/toolkit/crawl-undo/find-crawls.js';
import { findLastUndo, findUndo } from '../../src/toolkit/crawl-undo/find-undo.js';
import { planInverse, type RedoAsked } from '../../src/toolkit/crawl-undo/plan-inverse.js';
import { planUndo, type UndoAsked } from '../../src/toolkit/crawl-undo/plan-undo.js';
import type { SampleBackup } from '../../src/toolkit/crawl-undo/sample-backup/read-backup.js';
import { besideCrawls, findSnapshotsAround } from '../../src/toolkit/crawl-undo/snapshots-around.js';
import { DATABASE, openCrawlFixture } from '../conformance/crawl-fixture.js';

export const CRAWLER = 'crawler';
const HOME = { accountId: '123456789012', region: 'us-east-1' };

/** `line` as one record of a CSV file that a crawler takes for a table of its folder. */
export const csv = (header: string, ...rows: string[]) => `${[header, ...rows].join('\n')}\n`;

/** @param aheadMs how far AWS's clock is ahead of this machine's, to begin with */
export async function openUndoFixture({ aheadMs = 0 } = {}) {
  let hold: Promise<void> | undefined;
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + aheadMs) };
  const crawlClock: Clock = {
    ...clock,
    sleep: (ms, signal) => hold ?? clock.sleep(ms, signal),
  };
  const later = (ms = 10_000) => void (aheadMs += ms);
  const lake = await openCrawlFixture({ clock: crawlClock, crawlDelayMs: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-undo-'));
  const clients = lake.aws.clients();
  const store = openDocumentStore(folder, clients);
  const scope = { glue: lake.glue, clock, signal: new AbortController().signal };

  return {
    ...lake,
    clients,
    clock,
    folder,
    store,
    home: HOME,
    scope,
    later,
    /** Crawls that start from now on stay RUNNING until the function that is given back is called. */
    holdCrawls(): () => void {
      let release = () => {};
      hold = new Promise((resolve) => (release = resolve));
      return () => {
        hold = undefined;
        release();
      };
    },
    /** Takes a snapshot, a while after all that was done before; of everything when no scope is given. */
    async snapshot(scope: SnapshotScope = {}) {
      later();
      const options = { store: folder, version: 'test', clock, scope };
      const { manifest } = await snapshotCatalog(clients, options);
      later();
      return manifest.id;
    },
    /** Crawls, a while after all that was done before. */
    async crawlLater(name = CRAWLER) {
      later();
      const crawler = await lake.crawl(name);
      later();
      if (crawler.LastCrawl?.Status !== 'SUCCEEDED') throw new Error(crawler.LastCrawl?.ErrorMessage);
    },
    async edit(name: string, change: (input: TableInput) => void) {
      later();
      const { Table } = await lake.glue.getTable({ DatabaseName: DATABASE, Name: name });
      const { Name, Parameters, StorageDescriptor, PartitionKeys, TableType, Owner, Retention } = Table ?? {};
      const input = { Name, Parameters, StorageDescriptor, PartitionKeys, TableType, Owner, Retention };
      change(input);
      await lake.glue.updateTable({ DatabaseName: DATABASE, TableInput: input });
      later();
    },
    async plan(
      asked: Partial<CrawlsAsked> &
        Partial<Omit<UndoAsked, 'found' | 'around'>> & {
          backup?: SampleBackup;
        } = {},
      glue = lake.glue,
    ): Promise<Plan> {
      const { onConflict, tableFormats, statistics, tables, except, backup, ...which } = asked;
      const found = await findCrawls({ ...scope, glue }, { crawlerName: CRAWLER, ...which });
      const around = {
        ...(await findSnapshotsAround(store, HOME, found)),
        backup: backup && besideCrawls(backup, found),
      };
      const decision = {
        ...(onConflict ? { onConflict } : {}),
        ...(tableFormats ? { tableFormats } : {}),
        ...(statistics ? { statistics } : {}),
        ...{ tables, except },
      };
      return (await planUndo({ glue }, HOME, { found, around, ...decision })).plan;
    },
    /** For crawls that are told, not found. */
    async planOf(crawls: readonly Crawl[]): Promise<Plan> {
      const found = { crawlerName: CRAWLER, DatabaseName: DATABASE, crawls };
      const around = await findSnapshotsAround(store, HOME, found);
      return (await planUndo({ glue: lake.glue }, HOME, { found, around })).plan;
    },
    apply: (plan: Plan) => applyUndo(clients, store, plan, { version: 'test', signal: scope.signal, clock }),
    /** The plan that takes the last apply back, or the one with this journal. */
    inverse: async (journalId?: string, asked?: RedoAsked) =>
      planInverse(
        scope,
        HOME,
        await (journalId === undefined ? findLastUndo(store, HOME) : findUndo(store, journalId)),
        asked,
      ),
    /** Everything in a database: a hash an object. */
    async content(database = DATABASE): Promise<Record<string, string>> {
      const objects: CatalogObject[] = [];
      for await (const tables of observeTables(scope, database)) {
        for (const table of tables) {
          const { TableName } = table.key;
          objects.push(table, ...(await observePartitionIndexes(scope, database, TableName)));
          for await (const page of observePartitions(scope, database, TableName)) objects.push(...page);
        }
      }
      return Object.fromEntries(
        objects.map(({ key, definition }) => [
          keyText(key),
          definitionHash<CatalogObjectKind>(key.kind, definition),
        ]),
      );
    },
    async close() {
      await lake.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type UndoFixture = Awaited<ReturnType<typeof openUndoFixture>>;

export const linesOf = ({ changes }: Plan) => changes.map(({ action, key }) => `${action} ${keyLabel(key)}`);

// A crawl that only looks: what it would change, and where every table, column and type comes from.
import { formatHiveType } from '../tabular/hive-type.js';
import { findValues, type FoundValue } from '../tabular/find-values.js';
import type { CrawlerDefinition } from './crawler.js';
import type { CatalogChange } from './decide/catalog-change.js';
import type { ObservedFile } from './observe/read-files.js';
import { planCrawl, type CrawlPlan } from './plan-crawl.js';
import type { PlanContext } from './plan-context.js';

/** Plain data: it is printed as JSON. */
export interface CrawlPreview {
  crawlerName: string;
  database: string;
  tables: PreviewedTable[];
  changes: PreviewedChange[];
  /** Lines that the crawl would log about the data. */
  log: { level: string; text: string }[];
  objectCount: number;
  fileCount: number;
}

export interface PreviewedTable {
  name: string;
  location: string;
  classification: string;
  compressionType: string;
  partitionKeys: string[];
  partitionCount: number;
  fileCount: number;
  /** Why these files are one table and no more. */
  reasons: string[];
  /** Why its files are of that format: what the classifiers found in the first one. */
  classifierReasons: string[];
  columns: PreviewedColumn[];
}

export interface PreviewedColumn {
  name: string;
  type: string;
  /** The types that files have it in, with the files and values that made them. More than one only where files differ. */
  evidence: { type: string; fileCount: number; files: string[]; values: FoundValue[] }[];
}

/** Changes of partitions are counted a table. */
export interface PreviewedChange {
  kind: CatalogChange['kind'];
  action: CatalogChange['action'];
  table: string;
  count: number;
  reason: string;
}

const FILES_SHOWN = 3;

export async function previewCrawl(
  definition: CrawlerDefinition,
  context: Omit<PlanContext, 'log' | 'crawlId'>,
): Promise<CrawlPreview> {
  const log: CrawlPreview['log'] = [];
  const plan = await planCrawl(definition, {
    ...context,
    crawlId: 'preview',
    log: {
      write: (level, ...texts) => void log.push(...texts.map((text) => ({ level, text }))),
      flush() {},
    },
  });
  const decisions = plan.writes.flatMap((write) => write.decisions);
  for (const decision of decisions) log.push(...decision.lines);
  return {
    crawlerName: definition.Name,
    database: definition.DatabaseName,
    tables: plan.found.map((found) => previewTable(found, context)),
    changes: countChanges(decisions.flatMap(({ changes }) => changes)),
    log,
    objectCount: context.progress.objectCount,
    fileCount: context.progress.fileCount,
  };
}

function previewTable(
  { crawled, group }: CrawlPlan['found'][number],
  { storage }: Pick<PlanContext, 'storage'>,
): PreviewedTable {
  const { input, name, reasons, partitions } = crawled;
  const location = input.StorageDescriptor?.Location ?? '';
  const files = group?.leaves.flatMap((leaf) => leaf.files) ?? [];
  const bucket = /^s3:\/\/([^/]+)/.exec(location)?.[1] ?? '';
  const evidenceOf = (column: string) =>
    typesOf(files, column).map(([type, holders]) => {
      const [first] = holders as [ObservedFile];
      const file = { path: storage.path(bucket, first.key), key: first.key, size: first.size };
      return {
        type,
        fileCount: holders.length,
        files: holders.slice(0, FILES_SHOWN).map(({ key }) => `s3://${bucket}/${key}`),
        values: findValues(file, first.schema, column),
      };
    });
  return {
    name,
    location,
    classification: input.Parameters?.classification ?? '',
    compressionType: input.Parameters?.compressionType ?? 'none',
    partitionKeys: (input.PartitionKeys ?? []).map((key) => key.Name as string),
    partitionCount: partitions.length,
    fileCount: files.length,
    reasons,
    classifierReasons: files[0]?.schema.reasons ?? [],
    columns: (input.StorageDescriptor?.Columns ?? []).map(({ Name = '', Type = '' }) => ({
      name: Name,
      type: Type,
      evidence: evidenceOf(Name),
    })),
  };
}

/** The files that have the column, by the type they have it in; the commonest type first. */
function typesOf(files: readonly ObservedFile[], column: string): [string, ObservedFile[]][] {
  const byType = new Map<string, ObservedFile[]>();
  for (const file of files) {
    const own = file.schema.columns.find(({ name }) => name === column);
    if (!own) continue;
    const type = formatHiveType(own.type);
    const known = byType.get(type);
    if (known) known.push(file);
    else byType.set(type, [file]);
  }
  return [...byType].sort(([, one], [, other]) => other.length - one.length);
}

function countChanges(changes: readonly CatalogChange[]): PreviewedChange[] {
  const counted = new Map<string, PreviewedChange>();
  for (const { kind, action, table, reason } of changes) {
    const key = JSON.stringify([kind, action, table, reason]);
    const known = counted.get(key);
    if (known) known.count++;
    else counted.set(key, { kind, action, table, count: 1, reason });
  }
  return [...counted.values()];
}

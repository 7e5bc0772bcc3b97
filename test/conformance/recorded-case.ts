// A recorded crawl: what lay in a bucket and the table that AWS's crawler wrote for it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Column } from '@aws-sdk/client-glue';

/** `expected.json` of a case. Members that are absent or null were not recorded and are not compared. */
export interface RecordedTable {
  table: string;
  tablePrefix?: string;
  columns: Column[];
  partitionKeys: Column[];
  parameters: Record<string, string> | null;
  owner?: string;
  versionId?: string;
  createTimeEqualsLastAccessTime?: boolean;
  target?: string;
  location?: string;
  compressed?: boolean;
  numberOfBuckets?: number;
  serde?: { lib: string; parameters: Record<string, string> };
  inputFormat?: string;
  outputFormat?: string;
  partition?: {
    Values: string[];
    location: string;
    Parameters: Record<string, string>;
    StorageDescriptorParameters: Record<string, string>;
  };
  inputRecipe?: string;
  /** true: proven; anything else: it only follows from the rules. Absent members are proven. */
  verified: Partial<
    Record<'columnNames' | 'columnTypes' | 'parameters' | 'serde' | 'partition', boolean | string>
  >;
}

export interface RecordedCase {
  name: string;
  /** Folder with what lay in the bucket; undefined when the case is a recipe. */
  inputFolder: string | undefined;
  expected: RecordedTable;
  bucket: string;
  /** Include path of the crawler. */
  target: string;
  /** Where the table lies, when that was recorded. */
  location: string | undefined;
}

/** The cases of a folder, in order of their names. */
export function readCases(folder: string): RecordedCase[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'expected.json')))
    .map((entry) => entry.name)
    .sort()
    .map((name) => readCase(folder, name));
}

function readCase(folder: string, name: string): RecordedCase {
  const expected = JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8')) as RecordedTable;
  const input = join(folder, name, 'input');
  // A path may be followed by a remark; `...` stands for folders that were not recorded.
  const path = (text: string) => (text.split(' ')[0] as string).replace('/.../', '/recorded/');
  const from = expected.target ?? expected.location;
  const uri = from === undefined ? null : /^s3:\/\/([^/]+)(\/.*)$/.exec(path(from));
  if (!uri) {
    throw new Error(`Case ${name}: target ${JSON.stringify(from)} is not of the form s3://BUCKET/folder/.`);
  }
  const [, recordedBucket, key] = uri as unknown as [string, string, string];
  const bucket =
    recordedBucket === 'BUCKET' ? `conformance-${name.replace(/[^a-z0-9-]/g, '-')}` : recordedBucket;
  return {
    name,
    inputFolder: existsSync(input) ? input : undefined,
    expected,
    bucket,
    target: `s3://${bucket}${key}`,
    location:
      expected.location && path(expected.location).replace(`s3://${recordedBucket}/`, `s3://${bucket}/`),
  };
}

/**
 * Cases of one include path and table prefix share a bucket, as they did when they were recorded: what lies side by side
 * decides what becomes a table.
 */
export function crawlsOf(cases: readonly RecordedCase[]): RecordedCase[][] {
  const crawls = new Map<string, RecordedCase[]>();
  for (const one of cases) {
    const path = one.target.replace(/^s3:\/\/[^/]+/, '');
    const key = JSON.stringify([path, one.expected.tablePrefix ?? '']);
    const crawl = crawls.get(key) ?? [];
    const bucket = crawl[0]?.bucket ?? one.bucket;
    crawl.push({
      ...one,
      bucket,
      target: `s3://${bucket}${path}`,
      location: one.location?.replace(`s3://${one.bucket}/`, `s3://${bucket}/`),
    });
    crawls.set(key, crawl);
  }
  return [...crawls.values()];
}

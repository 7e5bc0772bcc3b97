// The settings of the snapshot function, from its environment.
import { GluepotError } from '../base/errors.js';
import type { RetentionPolicy, SnapshotScope } from '../toolkit/catalog-snapshot/index.js';

export interface CatalogSnapshotSettings extends Required<Pick<SnapshotScope, 'statistics'>> {
  /** `s3://bucket/prefix`: a function's own disk does not last. */
  store: string;
  /** Of scheduled snapshots; all when not given. A crawler's event has the crawler's. */
  databases?: readonly string[];
  tables?: string;
  /** What scheduled runs keep; nothing is removed without it. */
  keep?: RetentionPolicy;
  version: string;
}

const STATISTICS = ['none', 'tables', 'all'] as const;

/**
 * GLUEPOT_SNAPSHOT_STORE is required. Optional: GLUEPOT_SNAPSHOT_DATABASES (names with commas between),
 * GLUEPOT_SNAPSHOT_TABLES (a glob), GLUEPOT_SNAPSHOT_STATISTICS (none, tables, all), GLUEPOT_SNAPSHOT_KEEP_DAILY and
 * GLUEPOT_SNAPSHOT_KEEP_WEEKLY (counts), GLUEPOT_VERSION. An empty value is none.
 * @throws GluepotError `usage` that names the variable, the value and what is allowed
 */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): CatalogSnapshotSettings {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const store = read('GLUEPOT_SNAPSHOT_STORE');
  if (!store?.startsWith('s3://')) {
    throw bad(
      'GLUEPOT_SNAPSHOT_STORE',
      store,
      's3://BUCKET/PREFIX, for the disk of a function does not last',
    );
  }
  const names = (read('GLUEPOT_SNAPSHOT_DATABASES') ?? '').split(',').map((name) => name.trim());
  const databases = names.filter((name) => name !== '');
  const tables = read('GLUEPOT_SNAPSHOT_TABLES');
  const asked = read('GLUEPOT_SNAPSHOT_STATISTICS') ?? 'none';
  const statistics = STATISTICS.find((value) => value === asked);
  if (!statistics) throw bad('GLUEPOT_SNAPSHOT_STATISTICS', asked, STATISTICS.join(', '));
  const count = (name: string) => {
    const text = read(name);
    if (text !== undefined && !/^\d{1,5}$/.test(text))
      throw bad(name, text, 'a whole number from 0 to 99999');
    return Number(text ?? 0);
  };
  const keepDaily = count('GLUEPOT_SNAPSHOT_KEEP_DAILY');
  const keepWeekly = count('GLUEPOT_SNAPSHOT_KEEP_WEEKLY');
  return {
    store,
    statistics,
    version: read('GLUEPOT_VERSION') ?? 'unknown',
    ...(databases.length > 0 ? { databases } : {}),
    ...(tables === undefined ? {} : { tables }),
    ...(keepDaily + keepWeekly > 0 ? { keep: { keepDaily, keepWeekly } } : {}),
  };
}

function bad(name: string, value: string | undefined, allowed: string): GluepotError {
  return new GluepotError('usage', `${name} is ${JSON.stringify(value ?? '')}; it must be ${allowed}.`);
}

// The settings of the undo function, from its environment.
import { GluepotError, messageOf } from '../base/errors.js';
import { parseDeleteLimit, type DeleteLimit, type StatisticsRead } from '../change/index.js';

export interface CrawlUndoSettings {
  /** `s3://bucket/prefix`, where the snapshots around crawls are; plans and journals are kept beside them. */
  store: string;
  maxChanges?: number;
  maxDeletes?: DeleteLimit;
  protectedTables: readonly string[];
  statistics: StatisticsRead;
  version: string;
}

/**
 * GLUEPOT_SNAPSHOT_STORE is required. Optional: GLUEPOT_MAX_CHANGES (a count), GLUEPOT_MAX_DELETES (a count, or a percentage
 * of the objects looked at), GLUEPOT_PROTECT (globs with commas between), GLUEPOT_SNAPSHOT_STATISTICS (none, tables, all), GLUEPOT_VERSION. Empty is none.
 * @throws GluepotError `usage` that names the variable, the value and what is allowed
 */
export function readUndoSettings(
  environment: Readonly<Record<string, string | undefined>>,
): CrawlUndoSettings {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const bad = (name: string, allowed: string) =>
    new GluepotError('usage', `${name} is ${JSON.stringify(read(name) ?? '')}; it must be ${allowed}.`);
  const store = read('GLUEPOT_SNAPSHOT_STORE');
  if (!store?.startsWith('s3://')) {
    throw bad('GLUEPOT_SNAPSHOT_STORE', 's3://BUCKET/PREFIX, for the disk of a function does not last');
  }
  const count = (name: string) => {
    const text = read(name);
    if (text !== undefined && !/^\d{1,8}$/.test(text)) throw bad(name, 'a whole number from 0 to 99999999');
    return text === undefined ? undefined : Number(text);
  };
  const maxChanges = count('GLUEPOT_MAX_CHANGES');
  const maxDeletes = read('GLUEPOT_MAX_DELETES');
  const statistics = read('GLUEPOT_SNAPSHOT_STATISTICS') ?? 'tables';
  if (statistics !== 'none' && statistics !== 'tables' && statistics !== 'all') {
    throw bad('GLUEPOT_SNAPSHOT_STATISTICS', 'none, tables or all');
  }
  return {
    store,
    ...(maxChanges === undefined ? {} : { maxChanges }),
    ...(maxDeletes === undefined ? {} : { maxDeletes: deleteLimit(maxDeletes) }),
    protectedTables: (read('GLUEPOT_PROTECT') ?? '').split(',').flatMap((glob) => glob.trim() || []),
    statistics,
    version: read('GLUEPOT_VERSION') ?? 'unknown',
  };
}

function deleteLimit(text: string): DeleteLimit {
  try {
    return parseDeleteLimit(text);
  } catch (error) {
    throw new GluepotError('usage', `GLUEPOT_MAX_DELETES: ${messageOf(error)}`, { cause: error });
  }
}

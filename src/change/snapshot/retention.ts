// Which snapshots a policy keeps, and why each.
import { seriesOfId, timeOfId } from './snapshot-id.js';

export interface RetentionPolicy {
  /** The newest so many. */
  keepLast?: number;
  /** The newest one of each of the last so many days (UTC) that have any. */
  keepDaily?: number;
  /** The newest one of each of the last so many weeks (UTC, from Monday) that have any. */
  keepWeekly?: number;
}

/**
 * Ids to keep with the reasons. Snapshots of different scopes or catalogs do not count against one another, the newest of
 * each always stays, and so does what has no snapshot's id.
 */
export function snapshotsToKeep(
  ids: readonly string[],
  { keepLast = 1, keepDaily = 0, keepWeekly = 0 }: RetentionPolicy,
): Map<string, string[]> {
  const kept = new Map<string, string[]>();
  const keep = (id: string, reason: string) => kept.set(id, [...(kept.get(id) ?? []), reason]);
  const series = new Map<string, string[]>();
  for (const id of ids) {
    const name = seriesOfId(id);
    if (name === undefined) keep(id, 'not named by gluepot');
    else series.set(name, [...(series.get(name) ?? []), id]);
  }
  for (const members of series.values()) {
    const newestFirst = [...members].sort().reverse();
    for (const id of newestFirst.slice(0, Math.max(keepLast, 1))) keep(id, 'one of the last');
    for (const [day, id] of newestOfEach(newestFirst, dayOf).slice(0, keepDaily)) keep(id, `last of ${day}`);
    for (const [week, id] of newestOfEach(newestFirst, weekOf).slice(0, keepWeekly)) {
      keep(id, `last of the week of ${week}`);
    }
  }
  return kept;
}

function newestOfEach(newestFirst: readonly string[], periodOf: (time: Date) => string): [string, string][] {
  const newest = new Map<string, string>();
  for (const id of newestFirst) {
    const period = periodOf(timeOfId(id));
    if (!newest.has(period)) newest.set(period, id);
  }
  return [...newest];
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** The Monday that it begins on. */
function weekOf(time: Date): string {
  const daysSinceMonday = (time.getUTCDay() + 6) % 7;
  return dayOf(new Date(time.getTime() - daysSinceMonday * 24 * 3600_000));
}

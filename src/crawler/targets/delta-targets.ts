// Delta targets: tables that are described by their transaction logs.
import { readFileSync } from 'node:fs';
import { listPages } from '../../storage/list-pages.js';
import { MANIFEST_FOLDER } from '../../tabular/delta/symlink-manifests.js';
import { discoveredDeltaTable } from '../decide/delta-table-input.js';
import type { FileWrite } from '../decide/file-write.js';
import { normalLocation } from '../decide/merge-table.js';
import { readDeltaTable, type ObservedDeltaTable } from '../observe/read-delta-table.js';
import type { PlanContext } from '../plan-context.js';
import { parseDeltaTarget, type DeltaTarget } from './delta-target.js';
import type { TargetKind } from './target-kind.js';

export const deltaTargets: TargetKind = {
  member: 'DeltaTargets',
  define({ DeltaTargets = [] }) {
    DeltaTargets.forEach(parseDeltaTarget);
    return { DeltaTargets };
  },
  async look({ Name, Targets }, { isCreatingPartitionIndex }, context) {
    const targets = (Targets.DeltaTargets ?? []).flatMap(parseDeltaTarget);
    const tables: ObservedDeltaTable[] = [];
    const files: FileWrite[] = [];
    if (targets.length > 0) context.progress.phase = 'reading';
    for (const target of targets) {
      const table = await readDeltaTable(target, context);
      if (!table) {
        context.log.write('INFO', `Found no Delta table at ${urlOf(target)}: it has no _delta_log.`);
        continue;
      }
      tables.push(table);
      const changed = changedManifests(table, context);
      if (target.isWritingManifests) files.push(...changed);
      else if (changed.length > 0) {
        context.log.write(
          'WARN',
          `The manifests of Delta table ${table.url} are not those of its version ${table.snapshot.version}, so that queries see other files: write them, or set WriteManifest or CreateNativeDeltaTable.`,
        );
      }
    }
    const identity = { crawlerName: Name, crawlId: context.crawlId };
    const places = new Set(
      targets.flatMap((target) => [urlOf(target), urlOf(target) + MANIFEST_FOLDER]).map(normalLocation),
    );
    return {
      discoveries: tables.map((table) =>
        discoveredDeltaTable(table, identity, { isPartitionIndexed: isCreatingPartitionIndex }),
      ),
      hasLookedAt: (location) => places.has(normalLocation(location)),
      unreadable: [],
      files,
    };
  },
};

function urlOf({ bucket, key }: DeltaTarget): string {
  return `s3://${bucket}/${key}`;
}

/** What has to be written, and what has to go, that the manifests are those of the table's version. */
function changedManifests(
  { target, manifests }: ObservedDeltaTable,
  { storage, signal }: PlanContext,
): FileWrite[] {
  if (!manifests) return [];
  const { bucket } = target;
  const prefix = target.key + MANIFEST_FOLDER;
  const left = new Set<string>();
  for (const { entries } of listPages(storage, bucket, { prefix, count: 1000 })) {
    signal.throwIfAborted();
    for (const { key } of entries) if (key.endsWith('/manifest')) left.add(key);
  }
  const writes: FileWrite[] = [];
  for (const { folder, text } of manifests) {
    const key = `${prefix}${folder}manifest`;
    const isThere = left.delete(key);
    if (!isThere || readFileSync(storage.path(bucket, key), 'utf8') !== text)
      writes.push({ bucket, key, text });
  }
  return [...writes, ...[...left].map((key) => ({ bucket, key }))];
}

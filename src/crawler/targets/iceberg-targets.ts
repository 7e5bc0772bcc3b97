// Iceberg targets: folders in which tables are found by their metadata.
import type { Discovery } from '../decide/discovery.js';
import { crawledIcebergTable } from '../decide/iceberg-table-input.js';
import { parseS3Uri } from '../../storage/object-storage.js';
import {
  findIcebergTables,
  type DamagedIcebergTable,
  type FoundIcebergTable,
} from '../observe/find-iceberg-tables.js';
import { readTables } from '../observe/read-catalog.js';
import { parseIcebergTarget } from './iceberg-target.js';
import type { TargetKind } from './target-kind.js';

export const icebergTargets: TargetKind = {
  member: 'IcebergTargets',
  define({ IcebergTargets = [] }) {
    IcebergTargets.forEach(parseIcebergTarget);
    return { IcebergTargets };
  },
  async look({ Name, Targets, DatabaseName }, _configuration, context) {
    const { log, progress, catalog, signal } = context;
    const targets = (Targets.IcebergTargets ?? []).flatMap(parseIcebergTarget);
    const found: FoundIcebergTable[] = [];
    const damaged: DamagedIcebergTable[] = [];
    const registered = new Set<string>();
    if (targets.length > 0) {
      progress.phase = 'reading';
      for (const { Parameters } of (await readTables(catalog, DatabaseName, signal)).values()) {
        registered.add(Parameters?.metadata_location ?? '');
      }
    }
    for (const target of targets) {
      const seen = await findIcebergTables(target, registered, context);
      found.push(...seen.found);
      damaged.push(...seen.damaged);
      if (seen.found.length + seen.damaged.length === 0) {
        log.write(
          'INFO',
          `Found no Iceberg table at s3://${target.bucket}/${target.key}: no folder metadata with a *.metadata.json, ${target.depthMax} folders deep.`,
        );
      }
    }
    for (const { metadataUrl, reason } of damaged) {
      log.write('WARN', `Iceberg metadata ${metadataUrl} is damaged and was left out: ${reason}`);
    }
    const identity = { crawlerName: Name, crawlId: context.crawlId };
    return {
      discoveries: found.map((one): Discovery => ({
        location: one.table.location,
        describe: (name) => crawledIcebergTable(one, name, identity),
      })),
      hasLookedAt: (location) => {
        const uri = parseS3Uri(location);
        return targets.some(
          ({ bucket, key }) => uri?.bucket === bucket && `${uri.key.replace(/\/$/, '')}/`.startsWith(key),
        );
      },
      unreadable: damaged.map(({ url }) => url),
    };
  },
};

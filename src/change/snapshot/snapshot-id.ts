// Names of snapshots: the time first, so that they sort by it; then which catalog and scope; then what nobody else has.
import type { Ids } from '../../base/ids.js';

const ID = /^\d{8}T\d{6}\.\d{3}Z-([0-9a-f]{8})-[0-9a-f]{6}$/;

/** `20240501T100000.000Z-1a2b3c4d-5e6f70` */
export function newSnapshotId(startedAt: Date, series: string, ids: Ids): string {
  const time = startedAt.toISOString().replace(/[-:]/g, '');
  return `${time}-${series}-${ids.hex(3)}`;
}

/** See `seriesOf`; undefined for what is no snapshot's id. */
export function seriesOfId(id: string): string | undefined {
  return ID.exec(id)?.[1];
}

export function isSnapshotId(text: string): boolean {
  return ID.test(text);
}

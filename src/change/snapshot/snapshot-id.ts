// Names of snapshots: the time first, so that they sort by it; then which catalog and scope; then what nobody else has.
import type { Ids } from '../../base/ids.js';

const ID = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z-([0-9a-f]{8})-[0-9a-f]{6}$/;

/** `20240501T100000.000Z-1a2b3c4d-5e6f70` */
export function newSnapshotId(startedAt: Date, series: string, ids: Ids): string {
  const time = startedAt.toISOString().replace(/[-:]/g, '');
  return `${time}-${series}-${ids.hex(3)}`;
}

/** See `seriesOf`; undefined for what is no snapshot's id. */
export function seriesOfId(id: string): string | undefined {
  return ID.exec(id)?.[7];
}

/** When it was begun. */
export function timeOfId(id: string): Date {
  const [, year, month, day, hour, minute, second] = ID.exec(id) ?? [];
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

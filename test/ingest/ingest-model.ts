// What an ingest ends with, in a few lines: the newest row of each key of those that were read, unless it is marked as gone.

/** A row of the source; `at` counts minutes, null where it has none. */
export interface SourceRow {
  id: number | null;
  name: string;
  at: number | null;
  gone: boolean;
}

export const LOOKBACK_MINUTES = 30;

/** The cursor's value of a row, in whole seconds. */
export const timeOf = (at: number) =>
  new Date(Date.UTC(2024, 0, 1) + Math.round(at * 60) * 1000).toISOString().slice(0, 19).replace('T', ' ');

export class IngestModel<T extends SourceRow> {
  private readonly stored = new Map<number, T>();
  private mark = -Infinity;

  run(source: readonly T[], isFull: boolean): void {
    if (isFull) {
      this.stored.clear();
      this.mark = -Infinity;
    }
    const from = this.mark - LOOKBACK_MINUTES;
    const newest = new Map<number, T>();
    const timeless = new Set(source.filter(({ at, gone }) => at === null && !gone).map((row) => row.id));
    for (const row of source) {
      const isOutOfRange = row.at !== null && row.at < from;
      // A row without a time is read each time, and stays deleted by what was read long ago.
      if (isOutOfRange && !(row.gone && timeless.has(row.id))) continue;
      this.mark = Math.max(this.mark, row.at ?? -Infinity);
      if (row.id === null) continue;
      const known = newest.get(row.id);
      // Of equally new ones the one that stands last.
      if (!known || orderOf(row) >= orderOf(known)) newest.set(row.id, row);
    }
    for (const [id, row] of newest) {
      const known = this.stored.get(id);
      if (known && orderOf(known) > orderOf(row)) continue;
      if (row.gone) this.stored.delete(id);
      else this.stored.set(id, row);
    }
  }

  /** Without the rows whose key the source has no more. */
  reconcile(source: readonly T[]): void {
    const ids = new Set(source.map(({ id }) => id));
    for (const id of this.stored.keys()) if (!ids.has(id)) this.stored.delete(id);
  }

  /** As they were when they were read, in the order of their keys. */
  rows(): T[] {
    return [...this.stored.values()].sort((one, other) => Number(one.id) - Number(other.id));
  }
}

const orderOf = ({ at }: SourceRow) => at ?? -Infinity;

// Walks a table's partitions in key order, passing over what a filter or a segment leaves out without reading it.
import type { PageOptions } from './catalog.js';
import type { PartitionFilter } from './partition-filter.js';
import { type DecodedKey, AFTER_END, type KeyCodec } from './partition-key.js';
import type { PartitionRow } from './partition-rows.js';
import { compareText } from './text-order.js';

/** Rows that one page looks at before it ends early: a filter that finds nothing must not block the process, some 4 µs a row. */
const PAGE_SCAN_MAX = 5000;

const CHUNK_MIN = 16;
const CHUNK_MAX = 1024;

export interface Segment {
  number: number;
  total: number;
}

export interface WalkedPage {
  rows: (PartitionRow & { values: string[] })[];
  next?: string;
}

/**
 * @param read rows whose key is greater than `after`, in order, at most `limit`
 * @returns a page of at most `count` rows; fewer, even none, when PAGE_SCAN_MAX was reached. Without `count`, all rows.
 */
export function walkPartitions(
  read: (after: string, limit: number) => PartitionRow[],
  codec: KeyCodec,
  {
    filter,
    segment,
    after = '',
    count = Infinity,
  }: PageOptions & { filter?: PartitionFilter; segment?: Segment },
): WalkedPage {
  const rows: WalkedPage['rows'] = [];
  let position = after;
  let chunkSize = filter ? CHUNK_MIN : Math.min(count + 1, CHUNK_MAX);
  let scanned = 0;
  for (;;) {
    const chunk = read(position, chunkSize);
    const last = chunk.at(-1)?.key;
    if (last === undefined) return { rows };
    chunkSize = Math.min(chunkSize * 2, CHUNK_MAX);
    for (const row of chunk) {
      if (compareText(row.key, position) <= 0) continue;
      position = row.key;
      const decoded = codec.decode(row.key);
      const isMatch = !filter || filter.accepts(decoded.forms);
      if (isMatch && (!segment || segmentOf(row.key, segment.total) === segment.number)) {
        if (rows.length === count) return { rows, next: (rows.at(-1) as PartitionRow).key };
        rows.push({ ...row, values: decoded.values });
      }
      if (++scanned === PAGE_SCAN_MAX && count !== Infinity) return { rows, next: position };
      if (filter && !isMatch) {
        const target = skipTarget(filter, decoded, row.key);
        if (target === undefined) return { rows };
        if (compareText(target, position) > 0) position = target;
        if (compareText(position, last) > 0) {
          chunkSize = CHUNK_MIN;
          break;
        }
      }
    }
  }
}

/**
 * Given a key that the filter does not accept: where to go on after it. Undefined when no greater key can be accepted.
 */
function skipTarget(filter: PartitionFilter, { forms, ends }: DecodedKey, key: string): string | undefined {
  for (let position = 0; position < forms.length; position++) {
    const start = ends[position - 1] ?? 0;
    const lowest = filter.lowestFrom(position, forms[position] as string);
    if (lowest === undefined) return start === 0 ? undefined : afterPrefix(key, start);
    if (lowest !== forms[position]) return key.slice(0, start) + lowest;
    if (!filter.mayAccept(forms.slice(0, position + 1))) return afterPrefix(key, ends[position] as number);
  }
  return key;
}

/** Below every key that is greater than all keys which begin as `key` does up to `end`. */
function afterPrefix(key: string, end: number): string {
  return key.slice(0, end - 1) + AFTER_END;
}

// FNV-1a
function segmentOf(key: string, total: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  // The low bits of short similar keys are poorly mixed.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % total;
}

// What a crawl did to one object of the catalog, as the history keeps it: before, after and why.
import type { PartitionInput, StorageDescriptor, TableInput } from '@aws-sdk/client-glue';
import { parseDocument, stringifyDocument } from '../../state/documents.js';
import type { State } from '../../state/state.js';
import type { Action } from './crawl-summary.js';

interface ChangeBase {
  action: Action;
  database: string;
  reason: string;
}

/** A database that the crawl made because its crawler's was not there. */
export interface RecordedDatabase extends ChangeBase {
  kind: 'database';
  action: 'create';
}

export interface RecordedTable extends ChangeBase {
  kind: 'table';
  table: string;
  before?: TableInput;
  after?: TableInput;
  /** VersionId before and after the change. */
  versionBefore?: string;
  versionAfter?: string;
}

export interface RecordedPartition extends ChangeBase {
  kind: 'partition';
  table: string;
  values: string[];
  before?: PartitionInput;
  after?: PartitionInput;
}

export type RecordedChange = RecordedDatabase | RecordedTable | RecordedPartition;

export interface ChangeRecorder {
  record(change: RecordedChange): void;
}

/** What partitions of one table share of their descriptors. */
type Shape = Omit<StorageDescriptor, 'Location' | 'Parameters'>;

/** True when every member is the very same, which is told without writing either as text. */
function haveSameMembers(one: Shape, other: Shape): boolean {
  const names = Object.keys(one) as (keyof Shape)[];
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** Appends to the changes of a crawl that has none yet. Call within the transaction that makes the change. */
export function openChangeRecorder(state: State, crawlId: string): ChangeRecorder {
  let position = 0;
  const shapes = new Map<string, number>();
  let last: { shape: Shape; number: number } | undefined;

  // Partitions of one table differ in values, location and counts; the rest is kept once.
  const pack = (input: PartitionInput): PackedPartition => {
    const { StorageDescriptor, ...own } = input;
    if (!StorageDescriptor) return { own };
    const { Location, Parameters, ...shape } = StorageDescriptor;
    return { own, Location, Parameters, shape: numberOf(shape) };
  };

  const numberOf = (shape: Shape): number => {
    if (last && haveSameMembers(shape, last.shape)) return last.number;
    const text = stringifyDocument(shape);
    let number = shapes.get(text);
    if (number === undefined) {
      shapes.set(text, (number = shapes.size));
      state.sql('INSERT OR REPLACE INTO crawl_shapes VALUES (?, ?, ?)').run(crawlId, number, text);
    }
    last = { shape, number };
    return number;
  };

  return {
    record(change) {
      const { kind, action, database, ...rest } = change;
      const document =
        change.kind === 'partition'
          ? {
              ...rest,
              ...(change.before ? { before: pack(change.before) } : {}),
              ...(change.after ? { after: pack(change.after) } : {}),
            }
          : rest;
      state
        .sql('INSERT INTO crawl_changes VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(
          crawlId,
          position++,
          kind,
          action,
          database,
          change.kind === 'database' ? '' : change.table,
          stringifyDocument(document),
        );
    },
  };
}

interface ChangeRow {
  kind: string;
  action: string;
  database: string;
  document: string;
}

interface PackedPartition {
  own: PartitionInput;
  Location?: string | undefined;
  Parameters?: Record<string, string> | undefined;
  /** Absent when there is no storage descriptor. */
  shape?: number;
}

/** The changes of a crawl in the order in which they were made. */
export function readChanges(state: State, crawlId: string): RecordedChange[] {
  const shapeRows = state.sql('SELECT shape, document FROM crawl_shapes WHERE crawl_id = ?').all(crawlId) as {
    shape: number;
    document: string;
  }[];
  const shapes = new Map(shapeRows.map((row) => [row.shape, parseDocument<object>(row.document)]));
  const unpack = ({ own, Location, Parameters, shape }: PackedPartition): PartitionInput =>
    shape === undefined
      ? own
      : {
          ...own,
          StorageDescriptor: {
            ...shapes.get(shape),
            ...(Location === undefined ? {} : { Location }),
            ...(Parameters === undefined ? {} : { Parameters }),
          },
        };
  const rows = state
    .sql(
      `SELECT kind, action, database_name AS database, document FROM crawl_changes
       WHERE crawl_id = ? ORDER BY position`,
    )
    .all(crawlId) as unknown as ChangeRow[];
  return rows.map(({ document, ...row }) => {
    const rest = parseDocument<{ before?: PackedPartition; after?: PackedPartition }>(document);
    if (row.kind !== 'partition') return { ...row, ...rest } as unknown as RecordedChange;
    return {
      ...row,
      ...rest,
      ...(rest.before ? { before: unpack(rest.before) } : {}),
      ...(rest.after ? { after: unpack(rest.after) } : {}),
    } as unknown as RecordedPartition;
  });
}

// Partitions as rows of the state file: written in batches, read in key order. Knows nothing of names or answers.
import { createHash } from 'node:crypto';
import type { Column } from '@aws-sdk/client-glue';
import type { State } from '../state/state.js';
import type { PartitionPieces, SharedDescriptor } from './partition-document.js';
import { keyCodec } from './partition-key.js';

export interface PartitionRow {
  key: string;
  descriptorId: number | null;
  members: string;
  descriptorMembers: string;
}

export interface PartitionWriter {
  /** False when there is one with this key; nothing is written then. */
  insert(key: string, pieces: PartitionPieces): boolean;
  /** False when there was none. */
  delete(key: string): boolean;
}

export interface PartitionRows {
  /** Call within a transaction. */
  write<T>(tableId: number, body: (writer: PartitionWriter) => T): T;
  find(tableId: number, key: string): PartitionRow | undefined;
  /** Rows whose key is greater than `after`, in order, at most `limit` (-1: all). */
  read(tableId: number, after: string, limit: number): PartitionRow[];
  /** Looks up shared descriptors, each once. */
  descriptors(): (row: PartitionRow) => PartitionPieces;
  deleteAll(tableId: number): void;
  /** Sorts the partitions anew when the types of the table's partition keys change. */
  rekey(tableId: number, oldKeys: readonly Column[], newKeys: readonly Column[]): void;
}

const COLUMNS = 'key, descriptor_id AS descriptorId, members, descriptor_members AS descriptorMembers';
const REKEY_CHUNK = 1000;

export function openPartitionRows(state: State): PartitionRows {
  const read = (tableId: number, after: string, limit: number) =>
    state
      .sql(`SELECT ${COLUMNS} FROM catalog_partitions WHERE table_id = ? AND key > ? ORDER BY key LIMIT ?`)
      .all(tableId, after, limit) as PartitionRow[];

  const insertRow = (tableId: number, row: PartitionRow) =>
    state
      .sql('INSERT INTO catalog_partitions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(tableId, row.key, row.descriptorId, row.members, row.descriptorMembers).changes === 1;

  const descriptorId = (tableId: number, { columns, members }: SharedDescriptor): number => {
    const digest = createHash('sha256').update(`${columns}\n${members}`).digest('base64');
    const found = state
      .sql('SELECT id FROM catalog_descriptors WHERE table_id = ? AND digest = ?')
      .get(tableId, digest) as { id: number } | undefined;
    if (found) return found.id;
    return Number(
      state
        .sql(
          `INSERT INTO catalog_descriptors (table_id, digest, partition_count, columns, members)
           VALUES (?, ?, 0, ?, ?)`,
        )
        .run(tableId, digest, columns, members).lastInsertRowid,
    );
  };

  return {
    write(tableId, body) {
      const ids = new Map<string, number>();
      const countChanges = new Map<number, number>();
      const count = (id: number | null, change: number) => {
        if (id !== null) countChanges.set(id, (countChanges.get(id) ?? 0) + change);
      };
      let last: { descriptor: SharedDescriptor; id: number } | undefined;
      const idOf = (descriptor: SharedDescriptor) => {
        if (descriptor === last?.descriptor) return last.id;
        const text = `${descriptor.columns}\n${descriptor.members}`;
        let id = ids.get(text);
        if (id === undefined) ids.set(text, (id = descriptorId(tableId, descriptor)));
        last = { descriptor, id };
        return id;
      };
      const result = body({
        insert(key, { members, descriptorMembers, descriptor }) {
          const id = descriptor ? idOf(descriptor) : null;
          const isNew = insertRow(tableId, { key, descriptorId: id, members, descriptorMembers });
          count(id, isNew ? 1 : 0);
          return isNew;
        },
        delete(key) {
          const deleted = state
            .sql(
              `DELETE FROM catalog_partitions WHERE table_id = ? AND key = ?
               RETURNING descriptor_id AS descriptorId`,
            )
            .get(tableId, key) as { descriptorId: number | null } | undefined;
          if (deleted) count(deleted.descriptorId, -1);
          return deleted !== undefined;
        },
      });
      for (const [id, change] of countChanges) {
        state
          .sql('UPDATE catalog_descriptors SET partition_count = partition_count + ? WHERE id = ?')
          .run(change, id);
        state.sql('DELETE FROM catalog_descriptors WHERE id = ? AND partition_count = 0').run(id);
      }
      return result;
    },

    find: (tableId, key) =>
      state
        .sql(`SELECT ${COLUMNS} FROM catalog_partitions WHERE table_id = ? AND key = ?`)
        .get(tableId, key) as PartitionRow | undefined,

    read,

    descriptors() {
      const known = new Map<number, SharedDescriptor>();
      return ({ descriptorId: id, members, descriptorMembers }) => {
        if (id === null) return { members, descriptorMembers, descriptor: undefined };
        let descriptor = known.get(id) as SharedDescriptor;
        if (!descriptor) {
          descriptor = state
            .sql('SELECT columns, members FROM catalog_descriptors WHERE id = ?')
            .get(id) as SharedDescriptor;
          known.set(id, descriptor);
        }
        return { members, descriptorMembers, descriptor };
      };
    },

    deleteAll(tableId) {
      state.sql('DELETE FROM catalog_partitions WHERE table_id = ?').run(tableId);
      state.sql('DELETE FROM catalog_descriptors WHERE table_id = ?').run(tableId);
    },

    rekey(tableId, oldKeys, newKeys) {
      const oldCodec = keyCodec(oldKeys);
      const newCodec = keyCodec(newKeys);
      if (kindsOf(oldCodec) === kindsOf(newCodec)) return;
      // The new rows wait under the negated id, which no table has, lest new and old keys meet.
      let rows = read(tableId, '', REKEY_CHUNK);
      while (rows.length > 0) {
        for (const row of rows) {
          insertRow(-tableId, { ...row, key: newCodec.encode(oldCodec.decode(row.key).values) });
        }
        rows = read(tableId, (rows.at(-1) as PartitionRow).key, REKEY_CHUNK);
      }
      state.sql('DELETE FROM catalog_partitions WHERE table_id = ?').run(tableId);
      state.sql('UPDATE catalog_partitions SET table_id = ? WHERE table_id = ?').run(tableId, -tableId);
    },
  };
}

function kindsOf({ types }: { types: readonly { kind: string }[] }): string {
  return types.map((type) => type.kind).join();
}

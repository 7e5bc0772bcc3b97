// Named JSON documents of one kind: how the embedded AWS keeps every resource that needs no index of its own.
import type { State, StateSchema } from './state.js';

export const documentsSchema: StateSchema = {
  component: 'documents',
  steps: [
    `CREATE TABLE documents (
       kind TEXT NOT NULL, key TEXT NOT NULL, document TEXT NOT NULL,
       PRIMARY KEY (kind, key)
     ) WITHOUT ROWID`,
  ],
};

export interface Documents<T> {
  get(key: string): T | undefined;
  put(key: string, document: T): void;
  /** True when there was one. */
  delete(key: string): boolean;
  /** Documents whose key is greater than `after` and begins with `prefix`, in key order, at most `count`. */
  list(options?: { after?: string; prefix?: string; count?: number }): { key: string; document: T }[];
}

// Sorts after every character that a key can hold.
const KEY_CEILING = '\u{10FFFF}';

/** Dates in documents are kept, by a tagged form in the JSON text. */
export function openDocuments<T>(state: State, kind: string): Documents<T> {
  return {
    get(key) {
      const row = state.sql('SELECT document FROM documents WHERE kind = ? AND key = ?').get(kind, key) as
        { document: string } | undefined;
      return row && parseDocument<T>(row.document);
    },
    put(key, document) {
      state
        .sql('INSERT INTO documents VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document')
        .run(kind, key, stringifyDocument(document));
    },
    delete(key) {
      return state.sql('DELETE FROM documents WHERE kind = ? AND key = ?').run(kind, key).changes === 1;
    },
    list({ after = '', prefix = '', count = -1 } = {}) {
      const rows = state
        .sql(
          `SELECT key, document FROM documents
           WHERE kind = ? AND key > ? AND key >= ? AND key < ? ORDER BY key LIMIT ?`,
        )
        .all(kind, after, prefix, prefix + KEY_CEILING, count) as { key: string; document: string }[];
      return rows.map((row) => ({ key: row.key, document: parseDocument<T>(row.document) }));
    },
  };
}

/** JSON text in which dates are tagged, so that parseDocument brings them back. */
export function stringifyDocument(document: unknown): string {
  return JSON.stringify(document, function (this: Record<string, unknown>, key, value: unknown) {
    const original = this[key];
    return original instanceof Date ? { $date: original.getTime() } : value;
  });
}

export function parseDocument<T>(text: string): T {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && '$date' in value ? new Date(value.$date as number) : value,
  ) as T;
}

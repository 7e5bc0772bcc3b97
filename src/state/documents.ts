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
           WHERE kind = ?1 AND key > ?2 AND key >= ?3 AND key < ?4 ORDER BY key LIMIT ?5`,
        )
        .all(kind, after, prefix, keyAfterPrefix(prefix), count) as { key: string; document: string }[];
      return rows.map((row) => ({ key: row.key, document: parseDocument<T>(row.document) }));
    },
  };
}

const CODE_POINT_MAX = 0x10ffff;
const SURROGATES = { first: 0xd800, last: 0xdfff };

/** What sorts after every text in SQLite: bytes. */
const AFTER_EVERY_KEY = new Uint8Array([0]);

/** The least that sorts after every key which begins with `prefix`. */
function keyAfterPrefix(prefix: string): string | Uint8Array {
  const characters = [...prefix];
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const codePoint = last.codePointAt(0) as number;
    if (codePoint === CODE_POINT_MAX) continue;
    const next = codePoint + 1 === SURROGATES.first ? SURROGATES.last + 1 : codePoint + 1;
    return characters.join('') + String.fromCodePoint(next);
  }
  return AFTER_EVERY_KEY;
}

// A document's own member `$date` gets another dollar in the text, lest it be taken for a date.
const OWN_DATE_MEMBER = /^\$+date$/;
const ESCAPED_DATE_MEMBER = /^\$\$+date$/;

/** JSON text in which dates are tagged, so that parseDocument brings them back. */
export function stringifyDocument(document: unknown): string {
  return JSON.stringify(tagDates(document));
}

// A copy only of what has to be written otherwise, which most documents have nothing of: JSON.stringify with a replacer
// takes three times as long.
function tagDates(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return { $date: value.getTime() };
  if (Array.isArray(value)) {
    const items = value.map(tagDates);
    return items.every((item, index) => Object.is(item, value[index])) ? value : items;
  }
  const structure = value as Record<string, unknown>;
  let tagged: Record<string, unknown> | undefined;
  for (const name of Object.keys(structure)) {
    const member = tagDates(structure[name]);
    if (!Object.is(member, structure[name])) (tagged ??= { ...structure })[name] = member;
  }
  return renameMembers(tagged ?? structure, OWN_DATE_MEMBER, (name) => `$${name}`);
}

export function parseDocument<T>(text: string): T {
  return JSON.parse(text, (_key, value: unknown) => {
    if (!isStructure(value)) return value;
    if (Object.hasOwn(value, '$date')) return new Date(value.$date as number);
    return renameMembers(value, ESCAPED_DATE_MEMBER, (name) => name.slice(1));
  }) as T;
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function renameMembers(
  structure: Record<string, unknown>,
  pattern: RegExp,
  rename: (name: string) => string,
): Record<string, unknown> {
  if (!Object.keys(structure).some((name) => name.startsWith('$') && pattern.test(name))) return structure;
  return Object.fromEntries(
    Object.entries(structure).map(([name, value]) => [pattern.test(name) ? rename(name) : name, value]),
  );
}

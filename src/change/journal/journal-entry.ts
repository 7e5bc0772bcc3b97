// The lines of a journal: what was about to be done to an object, and what became of it.
import * as v from 'valibot';
import type { CatalogObjectKey } from '../catalog-object.js';
import { KEY_SCHEMA } from '../plan/plan-text.js';

/** `apply` carries the plan out, also when it is resumed; `rollback` undoes it. */
export type JournalOperation = 'apply' | 'rollback';

export interface JournalLine {
  op: JournalOperation;
  key: CatalogObjectKey;
  /** Hash of the definition that was there, or `absent`. */
  before: string;
  /** Hash of the definition that is to be there, or `absent`. */
  after: string;
  /**
   * An intention without a `done` may have come true or not: only a look at the catalog can tell. It did not when it was `refused`:
   * AWS took nothing of what was sent.
   */
  state: 'intended' | 'done' | 'failed' | 'refused';
  /** What was there when it is not what the plan found, in JSON: an overwritten edit, which a rollback puts back. */
  found?: unknown;
  error?: string;
}

export interface JournalEntry extends JournalLine {
  /** From 1 on, without gaps. */
  seq: number;
}

const hash = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{64}|absent)$/));

const ENTRY = v.strictObject({
  seq: v.pipe(v.number(), v.integer(), v.minValue(1)),
  op: v.picklist(['apply', 'rollback']),
  key: KEY_SCHEMA,
  before: hash,
  after: hash,
  state: v.picklist(['intended', 'done', 'failed', 'refused']),
  found: v.exactOptional(v.unknown()),
  error: v.exactOptional(v.string()),
});

export function entryText(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Undefined for a line that is none, or not all of one. */
export function parseEntry(line: string): JournalEntry | undefined {
  try {
    return v.parse(ENTRY, JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof v.ValiError) return undefined;
    throw error;
  }
}

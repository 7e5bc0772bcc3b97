// UPDATE, DELETE, MERGE, OPTIMIZE and VACUUM: what only Iceberg tables have.
import { requireClosedQuotes, restOfText } from './query-statements.js';
import type { QueryBody } from './statement.js';
import { placeOf } from './token-reader.js';
import type { TrinoReader } from './trino-reader.js';

type IcebergKind = 'update' | 'delete' | 'merge' | 'optimize' | 'vacuum';

/** The word that begins each, and those that must follow it before the table's name. */
const INTRODUCTIONS: Record<IcebergKind, readonly string[]> = {
  update: [],
  delete: ['FROM'],
  merge: ['INTO'],
  optimize: [],
  vacuum: [],
};

export function icebergKind(word: string): IcebergKind | undefined {
  const kind = word.toLowerCase();
  return Object.hasOwn(INTRODUCTIONS, kind) ? (kind as IcebergKind) : undefined;
}

/** What follows the first word. Conditions and assignments stay text. */
export function icebergChange(reader: TrinoReader, kind: IcebergKind, start: number): QueryBody {
  reader.expectWords(...INTRODUCTIONS[kind]);
  const table = reader.objectName();
  if (kind === 'update') reader.expectWords('SET');
  if (kind === 'optimize') reader.expectWords('REWRITE', 'DATA', 'USING', 'BIN_PACK');
  if (kind === 'vacuum') reader.expectEnd();
  if ((kind === 'delete' || kind === 'optimize') && reader.peek().kind !== 'end') reader.expectWords('WHERE');
  requireClosedQuotes(reader);
  restOfText(reader);
  const text = reader.source.slice(start, reader.previous()?.end);
  return { kind, table, text, place: placeOf(reader.source, start) };
}

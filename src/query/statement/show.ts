// SHOW and DESCRIBE in Hive's grammar.
import type { HiveReader } from './hive-reader.js';
import { partitionSpec } from './partition-spec.js';
import type { ObjectName, ShowBody } from './statement.js';

/** What follows SHOW, but for SHOW CREATE VIEW, which is Trino's. */
export function show(reader: HiveReader): ShowBody {
  const rule = 'show statement';
  if (reader.takeWords('DATABASES') || reader.takeWords('SCHEMAS')) {
    return reader.takeWords('LIKE')
      ? { kind: 'show-databases', pattern: pattern(reader, rule) }
      : { kind: 'show-databases' };
  }
  if (reader.takeWords('TABLES')) return { kind: 'show-tables', ...listed(reader, rule) };
  if (reader.takeWords('VIEWS')) return { kind: 'show-views', ...listed(reader, rule) };
  if (reader.takeWords('COLUMNS')) return { kind: 'show-columns', table: columnsTable(reader, rule) };
  if (reader.takeWords('PARTITIONS')) {
    const table = reader.objectName();
    return reader.takeWords('PARTITION')
      ? { kind: 'show-partitions', table, partition: partitionSpec(reader) }
      : { kind: 'show-partitions', table };
  }
  if (reader.takeWords('CREATE', 'TABLE')) return { kind: 'show-create-table', table: reader.objectName() };
  if (reader.takeWords('TBLPROPERTIES')) {
    const table = reader.objectName();
    if (!reader.takeSymbol('(')) return { kind: 'show-properties', table };
    const property = reader.string(rule);
    reader.expectSymbol(')', rule);
    return { kind: 'show-properties', table, property };
  }
  return reader.fail(rule);
}

// [{IN|FROM} database] [[LIKE] 'pattern']
function listed(reader: HiveReader, rule: string): { database?: string; pattern?: string } {
  const database = isIn(reader) ? reader.name(rule) : undefined;
  return { ...(database === undefined ? {} : { database }), ...likePattern(reader, rule) };
}

const isIn = (reader: HiveReader) => reader.takeWords('IN') || reader.takeWords('FROM');

function likePattern(reader: HiveReader, rule: string): { pattern?: string } {
  if (!reader.takeWords('LIKE') && reader.peek().kind === 'end') return {};
  return { pattern: pattern(reader, rule) };
}

// A name without special characters needs no quotes.
function pattern(reader: HiveReader, rule: string): string {
  const { kind } = reader.peek();
  return kind === 'single' || kind === 'double' ? reader.string(rule) : reader.name(rule);
}

// {IN|FROM} [database.]table [{IN|FROM} database]
function columnsTable(reader: HiveReader, rule: string): ObjectName {
  if (!isIn(reader)) reader.fail(rule);
  const table = reader.objectName();
  return isIn(reader) ? { ...table, database: reader.name(rule) } : table;
}

/** What follows DESCRIBE or DESC. */
export function describe(reader: HiveReader): ShowBody {
  const detail = takeDetail(reader);
  const described = { kind: 'describe-table', table: describedName(reader), detail } as const;
  const partition = reader.takeWords('PARTITION') ? partitionSpec(reader) : undefined;
  const columnPath = reader.peek().kind === 'end' ? undefined : path(reader);
  return { ...described, ...(partition ? { partition } : {}), ...(columnPath ? { columnPath } : {}) };
}

// FORMATTED is not reserved: a table may be called so.
function takeDetail(reader: HiveReader): 'plain' | 'formatted' | 'extended' {
  if (reader.takeWords('EXTENDED')) return 'extended';
  const following = reader.peek(1);
  const isName = following.kind === 'end' || following.text === '.';
  return !isName && reader.takeWords('FORMATTED') ? 'formatted' : 'plain';
}

// AWS docs: DESCRIBE TABLE t is read as the column t of a table called `table`. Both may also be called DATABASE.
function describedName(reader: HiveReader): ObjectName {
  const { word } = reader.peek();
  if (word === 'TABLE' || word === 'DATABASE') return { name: reader.next().text };
  return reader.objectName();
}

// `column.member.$elem$`; the words with dollars may stand in quotes or not.
function path(reader: HiveReader): string[] {
  const rule = 'describe statement';
  const parts = [reader.name(rule).toLowerCase()];
  while (reader.takeSymbol('.')) {
    if (reader.peek().kind === 'single') parts.push(reader.string(rule));
    else if (reader.takeSymbol('$')) {
      parts.push(`$${reader.name(rule).toLowerCase()}$`);
      reader.expectSymbol('$', rule);
    } else parts.push(reader.name(rule).toLowerCase());
  }
  return parts;
}

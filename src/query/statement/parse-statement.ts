// The way from a query's text to what it says: which grammar reads it, and what is refused before any does.
import { alterTable } from './alter-table.js';
import { createTable, ifExists } from './create-table.js';
import { alterDatabase, createDatabase, dropDatabase } from './database-statements.js';
import { type HiveReader, hiveReader } from './hive-reader.js';
import { icebergChange, icebergKind } from './iceberg-changes.js';
import { type Dialect, type Token, tokenize } from './lexer.js';
import { deallocate, execute, explain, prepare } from './prepared-statements.js';
import {
  createTableAs,
  createView,
  dropView,
  insert,
  isAtQuery,
  select,
  unload,
} from './query-statements.js';
import { QueryFailure } from './query-failure.js';
import { describe, show } from './show.js';
import type { Statement, StatementBody } from './statement.js';
import { factsOf } from './statement-facts.js';
import { readTokens, type TokenReader } from './token-reader.js';
import { type TrinoReader, trinoReader } from './trino-reader.js';

/**
 * Takes linear time. One semicolon at the end is allowed.
 * @throws QueryFailure with Athena's text for what is no statement, is more than one, or is of a kind Athena lacks
 */
export function parseStatement(text: string): Statement {
  const hive = readTokens(text, withoutSemicolon(text, 'hive'));
  if (isHive(hive)) return withFacts(hiveStatement(hiveReader(hive)));
  return trinoStatement(text, withoutSemicolon(text, 'trino'), 0);
}

const withFacts = (body: StatementBody): Statement => ({ ...factsOf(body), ...body });

function withoutSemicolon(text: string, dialect: Dialect): Token[] {
  const tokens = tokenize(text, dialect);
  const semicolon = tokens.findIndex(({ kind, text: symbol }) => kind === 'symbol' && symbol === ';');
  if (semicolon < 0) return tokens;
  const end = tokens[tokens.length - 1] as Token;
  if (semicolon !== tokens.length - 2) {
    // A quote that only one dialect closes there is that dialect's to judge.
    if (dialect === 'hive' && !isHive(readTokens(text, tokens))) return tokens;
    throw new QueryFailure(`Only one sql statement is allowed. Got: ${text}`, 'submission', 2, SYNTAX_ERROR);
  }
  return [...tokens.slice(0, semicolon), end];
}

const SYNTAX_ERROR = 1006;
const NOT_SUPPORTED = 1200;

// Views and tables made from queries are Trino's, as are SHOW CREATE VIEW and everything that holds a query.
function isHive(reader: TokenReader): boolean {
  switch (reader.peek().word) {
    case 'CREATE':
      return isHiveCreate(reader);
    case 'SHOW':
      return HIVE_SHOWN.has(reader.peek(1).word) || reader.isAtWords('SHOW', 'CREATE', 'TABLE');
    case 'DROP':
      return ['TABLE', 'DATABASE', 'SCHEMA'].includes(reader.peek(1).word);
    case 'ALTER':
      return ['TABLE', 'DATABASE', 'SCHEMA'].includes(reader.peek(1).word);
    case 'DESCRIBE':
    case 'DESC':
      return !['INPUT', 'OUTPUT'].includes(reader.peek(1).word) || reader.peek(2).kind === 'end';
    default:
      return reader.peek().word === 'MSCK';
  }
}

const HIVE_SHOWN = new Set([
  'DATABASES',
  'SCHEMAS',
  'TABLES',
  'VIEWS',
  'COLUMNS',
  'PARTITIONS',
  'TBLPROPERTIES',
]);

function isHiveCreate(reader: TokenReader): boolean {
  if (['EXTERNAL', 'DATABASE', 'SCHEMA'].includes(reader.peek(1).word)) return true;
  if (reader.peek(1).word !== 'TABLE') return false;
  let ahead = reader.peek(2).word === 'IF' ? 5 : 2;
  while (reader.peek(ahead + 1).text === '.') ahead += 2;
  const { word } = reader.peek(ahead + 1);
  return word !== 'AS' && word !== 'WITH';
}

function hiveStatement(reader: HiveReader): StatementBody {
  const body = hiveBody(reader);
  reader.expectEnd();
  return body;
}

function hiveBody(reader: HiveReader): StatementBody {
  const isDatabase = () => reader.takeWords('DATABASE') || reader.takeWords('SCHEMA');
  switch (reader.next().word) {
    case 'CREATE':
      return isDatabase() ? createDatabase(reader) : createTable(reader);
    case 'DROP': {
      if (isDatabase()) return dropDatabase(reader);
      reader.expectWords('drop statement', 'TABLE');
      const exists = ifExists(reader, 'drop table statement');
      return { kind: 'drop-table', ifExists: exists, table: reader.objectName() };
    }
    case 'ALTER':
      if (isDatabase()) return alterDatabase(reader);
      reader.expectWords('alter statement', 'TABLE');
      return alterTable(reader);
    case 'MSCK':
      reader.expectWords('metastore check statement', 'REPAIR', 'TABLE');
      return { kind: 'msck-repair-table', table: reader.objectName() };
    case 'SHOW':
      return show(reader);
    default:
      return describe(reader);
  }
}

/** `depth` counts the statements that this one is inside of. */
function trinoStatement(source: string, tokens: readonly Token[], start: number, depth = 0): Statement {
  const reader = trinoReader(readTokens(source, tokens, start));
  const body = trinoBody(reader, () => {
    if (depth > 0) throw unsupported();
    const inside = trinoStatement(source, tokens, reader.position, depth + 1);
    if (!CAN_BE_INSIDE.has(inside.kind)) throw unsupported();
    return inside;
  });
  reader.expectEnd();
  return withFacts(body);
}

/** What EXPLAIN and PREPARE take. */
const CAN_BE_INSIDE = new Set<Statement['kind']>([
  'select',
  'create-table-as',
  'insert',
  'unload',
  'create-view',
  'update',
  'delete',
  'merge',
  'execute',
]);

function trinoBody(reader: TrinoReader, parseInside: () => Statement): StatementBody {
  if (isAtQuery(reader)) return select(reader);
  const first = reader.peek();
  const change = icebergKind(first.word);
  if (change) {
    reader.next();
    return icebergChange(reader, change, first.start);
  }
  if (reader.takeWords('CREATE', 'TABLE')) return createTableAs(reader);
  if (reader.takeWords('CREATE', 'OR', 'REPLACE', 'VIEW')) return createView(reader, true);
  if (reader.takeWords('CREATE', 'VIEW')) return createView(reader, false);
  if (reader.takeWords('DROP', 'VIEW')) return dropView(reader);
  if (reader.takeWords('SHOW', 'CREATE', 'VIEW'))
    return { kind: 'show-create-view', name: reader.objectName() };
  if (reader.takeWords('INSERT')) return insert(reader);
  if (reader.takeWords('UNLOAD')) return unload(reader);
  if (reader.takeWords('EXPLAIN')) return explain(reader, parseInside);
  if (reader.takeWords('PREPARE')) return prepare(reader, parseInside);
  if (reader.takeWords('EXECUTE')) return execute(reader);
  if (reader.takeWords('DEALLOCATE')) return deallocate(reader);
  return noStatement(reader);
}

/** Trino's, of engine version 3 (seen in public reports of refused queries). */
const STATEMENT_WORDS =
  `ALTER ANALYZE CALL COMMENT COMMIT CREATE DEALLOCATE DELETE DENY DESC DESCRIBE DROP EXECUTE
  EXPLAIN GRANT INSERT MERGE PREPARE REFRESH RESET REVOKE ROLLBACK SET SHOW START TRUNCATE UNLOAD UPDATE USE`.split(
    /\s+/,
  );

const CREATED_WORDS = ['MATERIALIZED', 'OR', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW'];

function noStatement(reader: TrinoReader): never {
  const isStatementWord = STATEMENT_WORDS.includes(reader.peek().word);
  if (!isStatementWord) reader.fail(...STATEMENT_WORDS.map((word) => `'${word}'`), '<query>');
  if (reader.takeWords('CREATE') && !CREATED_WORDS.includes(reader.peek().word)) {
    reader.fail(...CREATED_WORDS.map((word) => `'${word}'`));
  }
  throw unsupported();
}

// Statements that Trino has and Athena does not.
function unsupported(): QueryFailure {
  return new QueryFailure('Queries of this type are not supported', 'submission', 2, NOT_SUPPORTED);
}

// Statements in Trino's grammar that hold a query: CTAS, INSERT, UNLOAD, views. The query itself stays text.
import type { HeldQuery, PropertyValue, QueryBody, ViewBody } from './statement.js';
import { placeOf } from './token-reader.js';
import type { TrinoReader } from './trino-reader.js';

/** Words a query begins with; it may also begin with a parenthesis. */
const QUERY_WORDS = ['SELECT', 'WITH', 'VALUES', 'TABLE'];

export function isAtQuery(reader: TrinoReader, ahead = 0): boolean {
  const { word, text, kind } = reader.peek(ahead);
  return QUERY_WORDS.includes(word) || (kind === 'symbol' && text === '(');
}

/** The text from here to the end, or to before the last `tokensLeft` tokens. */
export function restOfText(reader: TrinoReader, tokensLeft = 0): string {
  const start = reader.peek().start;
  let end = start;
  while (reader.peek(tokensLeft).kind !== 'end') end = reader.next().end;
  return reader.source.slice(start, end);
}

/** The query that is all of the statement. */
export function select(reader: TrinoReader): QueryBody {
  const { query, place } = heldQuery(reader);
  return { kind: 'select', text: query, place };
}

function heldQuery(reader: TrinoReader, tokensLeft = 0): HeldQuery {
  const place = requireQuery(reader);
  return { query: restOfText(reader, tokensLeft), place };
}

function requireQuery(reader: TrinoReader): HeldQuery['place'] {
  if (!isAtQuery(reader)) reader.fail("'('", "'SELECT'", "'TABLE'", "'VALUES'", "'WITH'");
  requireClosedQuotes(reader);
  return placeOf(reader.source, reader.peek().start);
}

/** A quote that is never closed is found when the query is handed in. */
export function requireClosedQuotes(reader: TrinoReader): void {
  let ahead = 0;
  while (reader.peek(ahead).kind !== 'end') {
    const token = reader.peek(ahead++);
    if (token.kind === 'unfinished') {
      reader.failAt(token, `mismatched input '${token.text.slice(0, 1)}'. Expecting: <expression>`);
    }
  }
}

/** What follows CREATE TABLE when a query comes. */
export function createTableAs(reader: TrinoReader): QueryBody {
  const ifNotExists = reader.takeWords('IF', 'NOT', 'EXISTS');
  const table = reader.objectName();
  const properties = reader.takeWords('WITH') ? propertyValues(reader) : {};
  if (!reader.takeWords('AS')) reader.fail("'AS'", "'COMMENT'", "'WITH'");
  const ending = dataEnding(reader);
  const held = heldQuery(reader, ending.tokens);
  while (reader.peek().kind !== 'end') reader.next();
  return { kind: 'create-table-as', table, ifNotExists, properties, withData: ending.withData, ...held };
}

// WITH [NO] DATA at the very end.
function dataEnding(reader: TrinoReader): { tokens: number; withData: boolean } {
  let length = 0;
  while (reader.peek(length).kind !== 'end') length++;
  const isEnding = (...words: string[]) =>
    length > words.length &&
    words.every((word, index) => reader.peek(length - words.length + index).word === word);
  if (isEnding('WITH', 'NO', 'DATA')) return { tokens: 3, withData: false };
  if (isEnding('WITH', 'DATA')) return { tokens: 2, withData: true };
  return { tokens: 0, withData: true };
}

/** What follows INSERT. */
export function insert(reader: TrinoReader): QueryBody {
  reader.expectWords('INTO');
  const table = reader.objectName();
  const columns = isColumnList(reader) ? nameList(reader) : undefined;
  return { kind: 'insert', table, ...(columns ? { columns } : {}), ...heldQuery(reader) };
}

function isColumnList(reader: TrinoReader): boolean {
  if (reader.peek().text !== '(' || reader.peek().kind !== 'symbol') return false;
  return !isAtQuery(reader, 1);
}

function nameList(reader: TrinoReader): string[] {
  reader.expectSymbol('(');
  const names: string[] = [];
  do names.push(reader.name());
  while (reader.takeSymbol(','));
  reader.expectSymbol(')');
  return names;
}

/** What follows UNLOAD. */
export function unload(reader: TrinoReader): QueryBody {
  reader.expectSymbol('(');
  const start = reader.peek().start;
  const place = requireQuery(reader);
  skipToClosing(reader, ')');
  const query = reader.source.slice(start, reader.previous()?.end);
  reader.expectSymbol(')');
  reader.expectWords('TO');
  const to = reader.string();
  const properties = reader.takeWords('WITH') ? propertyValues(reader) : {};
  return { kind: 'unload', query, place, to, properties };
}

/** Steps to the first of `symbols` that is not inside parentheses or brackets, or to the end. */
export function skipToClosing(reader: TrinoReader, ...symbols: string[]): void {
  let depth = 0;
  for (let token = reader.peek(); token.kind !== 'end'; token = reader.peek()) {
    const symbol = token.kind === 'symbol' ? token.text : '';
    if (depth === 0 && symbols.includes(symbol)) return;
    if (symbol === '(' || symbol === '[') depth++;
    if (symbol === ')' || symbol === ']') depth--;
    reader.next();
  }
}

/** What follows CREATE [OR REPLACE] VIEW. */
export function createView(reader: TrinoReader, orReplace: boolean): ViewBody {
  const name = reader.objectName();
  const columns = isColumnList(reader) ? nameList(reader) : undefined;
  reader.expectWords('AS');
  return { kind: 'create-view', orReplace, name, ...(columns ? { columns } : {}), ...heldQuery(reader) };
}

/** What follows DROP VIEW. */
export function dropView(reader: TrinoReader): ViewBody {
  const ifExists = reader.takeWords('IF', 'EXISTS');
  return { kind: 'drop-view', ifExists, name: reader.objectName() };
}

/** `(name = value, ...)` of CTAS and UNLOAD, the parentheses included; names are lower-cased. */
function propertyValues(reader: TrinoReader): Record<string, PropertyValue> {
  reader.expectSymbol('(');
  const properties = Object.create(null) as Record<string, PropertyValue>;
  do {
    const name = reader.name().toLowerCase();
    reader.expectSymbol('=');
    properties[name] = propertyValue(reader);
  } while (reader.takeSymbol(','));
  reader.expectSymbol(')');
  return properties;
}

const ARRAY_DEPTH_MAX = 10;

function propertyValue(reader: TrinoReader, depth = 0): PropertyValue {
  const { kind, word } = reader.peek();
  if (kind === 'single') return reader.next().value;
  if (kind === 'number') return Number(reader.next().text);
  if (reader.takeSymbol('-'))
    return reader.peek().kind === 'number' ? -Number(reader.next().text) : reader.fail('<number>');
  if (word === 'TRUE' || word === 'FALSE') return reader.next().word === 'TRUE';
  if (word !== 'ARRAY' || depth > ARRAY_DEPTH_MAX) return reader.fail('<expression>', "'DEFAULT'");
  reader.next();
  reader.expectSymbol('[');
  const items: PropertyValue[] = [];
  if (reader.takeSymbol(']')) return items;
  do items.push(propertyValue(reader, depth + 1));
  while (reader.takeSymbol(','));
  reader.expectSymbol(']');
  return items;
}

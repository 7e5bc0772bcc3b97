// Lists of properties in Hive's grammar: ('name' = 'value', ...).
import type { HiveReader } from './hive-reader.js';
import type { Properties } from './statement.js';

/**
 * The parentheses included; of a name that comes twice the last value counts, as in Hive. AWS docs, ALTER TABLE SET
 * TBLPROPERTIES: a number may stand without quotes.
 */
export function propertyList(reader: HiveReader, rule: string): Properties {
  reader.expectSymbol('(', rule);
  // No prototype: a property may be called anything.
  const properties = Object.create(null) as Properties;
  do {
    const name = reader.string(rule);
    reader.expectSymbol('=', rule);
    properties[name] = reader.peek().kind === 'number' ? reader.next().text : reader.string(rule);
  } while (reader.takeSymbol(','));
  reader.expectSymbol(')', rule);
  return properties;
}

/** `('name', ...)`, the parentheses included. */
export function propertyNames(reader: HiveReader, rule: string): string[] {
  reader.expectSymbol('(', rule);
  const names: string[] = [];
  do names.push(reader.string(rule));
  while (reader.takeSymbol(','));
  reader.expectSymbol(')', rule);
  return names;
}

// CREATE, DROP and ALTER DATABASE; SCHEMA is the same word.
import { ifExists, ifNotExists } from './create-table.js';
import type { HiveReader } from './hive-reader.js';
import { propertyList } from './properties.js';
import type { DatabaseBody } from './statement.js';

/** What follows CREATE DATABASE. */
export function createDatabase(reader: HiveReader): DatabaseBody {
  const rule = 'create database statement';
  const statement: Extract<DatabaseBody, { kind: 'create-database' }> = {
    kind: 'create-database',
    ifNotExists: ifNotExists(reader, rule),
    name: reader.name(rule),
    properties: {},
  };
  if (reader.takeWords('COMMENT')) statement.comment = reader.string('database comment');
  if (reader.takeWords('LOCATION')) statement.location = reader.string('database location specification');
  if (reader.takeWords('WITH')) {
    reader.expectWords(rule, 'DBPROPERTIES');
    statement.properties = propertyList(reader, 'dbproperties');
  }
  return statement;
}

/** What follows DROP DATABASE. */
export function dropDatabase(reader: HiveReader): DatabaseBody {
  const rule = 'drop database statement';
  const exists = ifExists(reader, rule);
  const name = reader.name(rule);
  const isCascade = reader.takeWords('CASCADE');
  if (!isCascade) reader.takeWords('RESTRICT');
  return { kind: 'drop-database', ifExists: exists, isCascade, name };
}

/** What follows ALTER DATABASE. */
export function alterDatabase(reader: HiveReader): DatabaseBody {
  const rule = 'alter database statement';
  const name = reader.name(rule);
  reader.expectWords(rule, 'SET', 'DBPROPERTIES');
  return { kind: 'alter-database-set-properties', name, properties: propertyList(reader, 'dbproperties') };
}

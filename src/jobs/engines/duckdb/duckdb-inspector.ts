// Answers the questions that a plan's shape depends on, by asking DuckDB.
import type { Duckdb } from '../../../tabular/duckdb.js';
import { duckdbText } from '../../../tabular/duckdb-text.js';
import { formatHiveType, primitive, type HiveType } from '../../../tabular/hive-type.js';
import type { Inspector } from '../../plan/inspector.js';
import type { Column, Relation, ScanFile } from '../../plan/plan.js';
import { csvFirstRecord } from './csv-first-record.js';
import { hiveTypeOf } from '../../../tabular/duckdb-type.js';
import { expressionSql } from './expression-sql.js';
import { uriOf, type LocalFiles } from './local-files.js';
import { parseQuery } from './parse-query.js';
import { relationSql, sparkQueryText } from './relation-sql.js';
import { withLeniency } from './leniency.js';
import { sparkToDuckdb } from './spark-text.js';

/** Records whose keys are looked at to learn how they are spelled. */
const KEY_SAMPLE_RECORDS = 1000;

export function openInspector(duckdb: Duckdb, files: LocalFiles, signal: AbortSignal): Inspector {
  const rows = async (query: string) => {
    try {
      return await duckdb.rows(query, signal);
    } catch (error) {
      throw files.explain(error);
    }
  };

  /** Files by their compression: DuckDB reads one kind in one call. */
  const jsonSources = (all: readonly ScanFile[], reader: string, options: string): string[] => {
    const kinds = new Map<string, string[]>();
    for (const { path, compression } of all.map(files.local)) {
      kinds.set(compression, [...(kinds.get(compression) ?? []), duckdbText(path)]);
    }
    return [...kinds].map(
      ([compression, paths]) =>
        `${reader}([${paths.join(', ')}], compression = '${compression}', hive_partitioning = false${options})`,
    );
  };

  const prepared = async (relations: readonly Relation[]) => {
    for (const relation of relations) await files.prepare(relation);
  };

  return {
    csvHeader: (file, format) =>
      csvFirstRecord({ path: files.local(file).path, key: uriOf(file), size: file.size }, format),

    async jsonKeys(all) {
      const keys = new Set<string>();
      for (const source of jsonSources(all, 'read_json_objects', '')) {
        const query = `SELECT DISTINCT unnest(json_keys(json)) AS key FROM (SELECT json FROM ${source} LIMIT ${KEY_SAMPLE_RECORDS})`;
        for (const row of await rows(query)) keys.add(row.key as string);
      }
      return [...keys];
    },

    async jsonColumns(all) {
      const options =
        ', sample_size = -1, maximum_sample_files = 1000000, union_by_name = true, map_inference_threshold = -1, field_appearance_threshold = 0';
      const columns: Column[] = [];
      for (const source of jsonSources(all, 'read_json', options)) {
        for (const row of await rows(`DESCRIBE SELECT * FROM ${source}`)) {
          const column = {
            name: row.column_name as string,
            type: jsonType(hiveTypeOf(row.column_type as string)),
          };
          const index = columns.findIndex((each) => each.name === column.name);
          if (index < 0) columns.push(column);
          else columns[index] = { name: column.name, type: commonType(columns[index]!.type, column.type) };
        }
      }
      return columns;
    },

    async parquetColumns(all) {
      try {
        await files.prepareParquet(all);
      } catch (error) {
        throw files.explain(error);
      }
      const columns = new Map<string, Column>();
      for (const file of all) {
        for (const { name, type } of files.local(file).parquetColumns ?? []) {
          const known = columns.get(name);
          const found = hiveTypeOf(type);
          columns.set(name, { name, type: known ? commonType(known.type, found) : found });
        }
      }
      return [...columns.values()];
    },

    async describeQuery(query) {
      await prepared(query.inputs.map((input) => input.relation));
      const { isPerRow } = await parseQuery(sparkToDuckdb(query.text), rows);
      const setting = { local: files.local, leniency: 'strict' } as const;
      const described = await rows(`DESCRIBE ${sparkQueryText(query, setting)}`);
      const columns = described.map((row) => ({
        name: row.column_name as string,
        type: hiveTypeOf(row.column_type as string),
      }));
      return { columns, isPerRow: isPerRow && query.inputs.length === 1 };
    },

    async holdsEverywhere(relation, conditions) {
      await prepared([relation]);
      const tests = conditions.map(
        (condition, index) =>
          `coalesce(bool_and(coalesce(${expressionSql(condition)}, false)), false) AS t${index}`,
      );
      if (tests.length === 0) return [];
      try {
        const found = await withLeniency(
          relation,
          () => {},
          (leniency) =>
            duckdb.rows(relationSql(relation, { local: files.local, leniency }, tests.join(', ')), signal),
        );
        return conditions.map((_, index) => found[0]?.[`t${index}`] === true);
      } catch (error) {
        throw files.explain(error);
      }
    },
  };
}

/** In JSON only what is no text can be anything else: what merely looks like a date stays the text that it is. */
function jsonType(type: HiveType): HiveType {
  switch (type.kind) {
    case 'primitive':
      return /^(date|timestamp|binary)$/.test(type.name) ? primitive('string') : type;
    case 'array':
      return { kind: 'array', item: jsonType(type.item) };
    case 'map':
      return { kind: 'map', key: jsonType(type.key), value: jsonType(type.value) };
    case 'struct':
      return {
        kind: 'struct',
        members: type.members.map((member) => ({ name: member.name, type: jsonType(member.type) })),
      };
  }
}

/** Two files' types of one column: the wider number, or text. */
function commonType(a: HiveType, b: HiveType): HiveType {
  const [x, y] = [formatHiveType(a), formatHiveType(b)];
  if (x === y) return a;
  const numbers = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double'];
  const [i, j] = [numbers.indexOf(x), numbers.indexOf(y)];
  if (i >= 0 && j >= 0) return i > j ? a : b;
  return primitive('string');
}

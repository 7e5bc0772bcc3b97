// A value as Athena writes it into results: text, or null.
import { duckdbText } from '../../tabular/duckdb-text.js';
import { lambdaName, timestampText, zonedText } from '../select/convert.js';
import { fieldName, isSimple, isText, type SimpleName, type TrinoType } from '../select/trino-type.js';

const WRITTEN_ALIKE: readonly SimpleName[] = ['boolean', 'tinyint', 'smallint', 'integer', 'bigint', 'date'];

/**
 * The SQL of a value that COPY writes into a CSV file as Athena does. What it writes so by itself is left to it: texts made
 * before cost a query of many rows a tenth of its time.
 */
export function csvValue(sql: string, type: TrinoType): string {
  return type.kind === 'decimal' || isSimple(type, ...WRITTEN_ALIKE) ? sql : valueText(sql, type);
}

/** The SQL of the text of a value: VARCHAR, null for null. */
export function valueText(sql: string, type: TrinoType): string {
  switch (type.kind) {
    case 'varchar':
      return sql;
    case 'char':
      return `rpad(${sql}, ${type.length}, ' ')`;
    case 'decimal':
      return `CAST(${sql} AS VARCHAR)`;
    case 'timestamp':
      return timestampText(sql, Math.max(3, type.precision));
    case 'timestamp-tz':
      return zonedText(sql, { ...type, precision: Math.max(3, type.precision) });
    case 'array': {
      const item = lambdaName();
      return `('[' || array_to_string(list_transform(${sql}, lambda ${item}: ${insideText(item, type.item)}), ', ') || ']')`;
    }
    case 'map': {
      const entry = lambdaName();
      const pair = `${insideText(`${entry}.key`, type.key)} || '=' || ${insideText(`${entry}.value`, type.value)}`;
      return `('{' || array_to_string(list_transform(map_entries(${sql}), lambda ${entry}: ${pair}), ', ') || '}')`;
    }
    case 'row': {
      const members = type.fields.map((field, index) => {
        const value = `struct_extract(${sql}, ${duckdbText(fieldName(type.fields, index))})`;
        return `${duckdbText(`${field.name ?? `field${index}`}=`)} || ${insideText(value, field.type)}`;
      });
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE '{' || ${members.join(` || ', ' || `)} || '}' END`;
    }
    case 'simple':
      return simpleText(sql, type.name);
    case 'function':
      return sql;
  }
}

function insideText(sql: string, type: TrinoType): string {
  return `coalesce(${isText(type) ? sql : valueText(sql, type)}, 'null')`;
}

function simpleText(sql: string, name: Extract<TrinoType, { kind: 'simple' }>['name']): string {
  switch (name) {
    case 'real':
    case 'double':
      return `trino_java_number(${sql})`;
    case 'varbinary':
      return `trim(regexp_replace(lower(hex(${sql})), '(..)', '\\1 ', 'g'))`;
    case 'time':
      return `strftime(DATE '1970-01-01' + (${sql}), '%H:%M:%S.%g')`;
    case 'interval day to second':
      return `trino_day_interval(${sql})`;
    case 'interval year to month':
      return `trino_month_interval(${sql})`;
    default:
      return `CAST(${sql} AS VARCHAR)`;
  }
}

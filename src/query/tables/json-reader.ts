// JSON lines as the JSON SerDes read them: keys without case, texts taken as what the column is.
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import { FILE_COLUMN } from '../../tabular/file-column.js';
import {
  anyCaseMember,
  DOUBLE_DIGITS,
  exactDigits,
  exactMember,
  memberOfKey,
} from '../../tabular/json-member.js';
import { lambdaName } from '../select/convert.js';
import { raiseSql } from '../select/typed-sql.js';
import {
  duckdbTypeOf,
  fieldName,
  isInteger,
  isNumeric,
  isSimple,
  isText,
  type TrinoType,
} from '../select/trino-type.js';
import type { Reader, ReadRequest } from './reader.js';
import type { JsonFormat } from './table-format.js';

export function jsonReader(
  format: JsonFormat,
  { columns, isWanted, paths, compression, wantsFile }: ReadRequest,
): Reader {
  const options = [
    `[${paths.map(duckdbText).join(', ')}]`,
    `format = 'newline_delimited'`,
    'hive_partitioning = false',
    `compression = '${compression}'`,
    `ignore_errors = ${format.ignoresMalformed}`,
    ...(wantsFile ? [`filename = '${FILE_COLUMN}'`] : []),
  ];
  const values = columns.map(({ name, type }, index) => {
    if (!isWanted(index)) return undefined;
    const key = format.mapping[name] ?? name;
    const value = memberSql('reader.json', key, format.isCaseSensitive);
    if (type.kind !== 'decimal' || type.precision <= DOUBLE_DIGITS)
      return jsonValueSql(value, type, name, format);
    return scalarSql(`coalesce(${exactDigits('reader.json', value, key)}, ${value} ->> '$')`, type, name);
  });
  return { values, from: `read_json_objects(${options.join(', ')}) AS reader` };
}

function memberSql(json: string, key: string, isCaseSensitive: boolean): string {
  return isCaseSensitive ? exactMember(json, key) : anyCaseMember(json, key, lambdaName());
}

function jsonValueSql(json: string, type: TrinoType, column: string, format: JsonFormat): string {
  const text = `(${json} ->> '$')`;
  switch (type.kind) {
    case 'varchar':
    case 'char':
      return text;
    case 'array': {
      const item = lambdaName();
      return `CASE WHEN json_type(${json}) = 'ARRAY' THEN list_transform(CAST(${json} AS JSON[]), lambda ${item}: ${jsonValueSql(item, type.item, column, format)}) END`;
    }
    case 'map': {
      const key = lambdaName();
      const value = memberOfKey(json, key);
      const typedKey = isText(type.key) ? key : `CAST(${key} AS ${duckdbTypeOf(type.key)})`;
      return `CASE WHEN json_type(${json}) = 'OBJECT' THEN map_from_entries(list_transform(json_keys(${json}), lambda ${key}: struct_pack(key := ${typedKey}, value := ${jsonValueSql(value, type.value, column, format)}))) END`;
    }
    case 'row': {
      const members = type.fields.map((field, index) => {
        const name = fieldName(type.fields, index);
        return `${duckdbName(name)} := ${jsonValueSql(memberSql(json, name, format.isCaseSensitive), field.type, column, format)}`;
      });
      return `CASE WHEN json_type(${json}) = 'OBJECT' THEN struct_pack(${members.join(', ')}) END`;
    }
    default:
      return scalarSql(text, type, column);
  }
}

function scalarSql(text: string, type: TrinoType, column: string): string {
  const wanted = duckdbTypeOf(type);
  const bad = raiseSql(
    'HIVE_BAD_DATA',
    `'Error parsing a column in the table: column ${column.replaceAll("'", "''")}: For input string: "' || ${text} || '"'`,
    type,
  );
  const checked = (pattern: string, value: string) =>
    `CASE WHEN ${text} IS NULL THEN NULL WHEN regexp_full_match(${text}, ${duckdbText(pattern)}) THEN ${value} ELSE ${bad} END`;
  if (isInteger(type)) return checked('[+-]?[0-9]+', `CAST(${text} AS ${wanted})`);
  if (isNumeric(type))
    return checked(
      '[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|NaN|[+-]?Infinity',
      `CAST(${text} AS ${wanted})`,
    );
  if (isSimple(type, 'boolean')) return `(lower(${text}) = 'true')`;
  if (isSimple(type, 'varbinary')) return `from_base64(${text})`;
  // A plain cast would leave out the zone that a text names.
  if (type.kind === 'timestamp') return `CAST(CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS ${wanted})`;
  return `CAST(${text} AS ${wanted})`;
}

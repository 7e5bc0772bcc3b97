// Values of decoded files, as their JSON has them, in DuckDB's types: nested ones member by member.
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import type { DuckdbType } from '../../../tabular/duckdb-type.js';

/** What JSON has no form for stands in it as something else. */
const SCALARS: Readonly<Record<string, (sql: string) => string>> = {
  BASE64: (sql) => `from_base64(${sql})`,
  DAYS: (sql) => `(DATE '1970-01-01' + ${sql})`,
  MILLISECONDS: (sql) => `make_timestamp(${sql} * 1000)`,
  MICROSECONDS: (sql) => `make_timestamp(${sql})`,
};

const SCALAR_TYPES: Readonly<Record<string, string>> = {
  BASE64: 'BLOB',
  DAYS: 'DATE',
  MILLISECONDS: 'TIMESTAMP',
  MICROSECONDS: 'TIMESTAMP',
};

/** DuckDB's name of what decodedValue makes of a type. */
export const decodedType = ({ text }: DuckdbType): string => SCALAR_TYPES[text] ?? text;

/** SQL of a value that was read by its staged type; `sql` itself where that is the value's own. @param depth of names that are taken */
export function decodedValue(sql: string, type: DuckdbType, depth = 0): string {
  switch (type.kind) {
    case 'scalar':
      return SCALARS[type.text]?.(sql) ?? sql;
    case 'list': {
      const item = `v${depth}`;
      const inner = decodedValue(item, type.item, depth + 1);
      return inner === item ? sql : `list_transform(${sql}, lambda ${item}: ${inner})`;
    }
    case 'map': {
      const entry = `v${depth}`;
      const [plainKey, plainValue] = [`${entry}.key`, `${entry}.value`];
      const key = decodedValue(plainKey, type.key, depth + 1);
      const value = decodedValue(plainValue, type.value, depth + 1);
      if (key === plainKey && value === plainValue) return sql;
      const entries = `list_transform(map_entries(${sql}), lambda ${entry}: struct_pack(key := ${key}, value := ${value}))`;
      return `CASE WHEN ${sql} IS NOT NULL THEN map_from_entries(${entries}) END`;
    }
    case 'struct': {
      const members = type.members.map((member) => {
        const plain = `struct_extract(${sql}, ${duckdbText(member.name)})`;
        return { name: member.name, plain, value: decodedValue(plain, member.type, depth) };
      });
      if (members.every(({ plain, value }) => plain === value)) return sql;
      const packed = members.map(({ name, value }) => `${duckdbName(name)} := ${value}`).join(', ');
      return `CASE WHEN ${sql} IS NOT NULL THEN struct_pack(${packed}) END`;
    }
  }
}

/** Whether a value in it may be of several types, which no column can hold. */
export function hasUnion(type: DuckdbType): boolean {
  switch (type.kind) {
    case 'scalar':
      return type.text === 'UNION';
    case 'list':
      return hasUnion(type.item);
    case 'map':
      return hasUnion(type.key) || hasUnion(type.value);
    case 'struct':
      return type.members.some((member) => hasUnion(member.type));
  }
}

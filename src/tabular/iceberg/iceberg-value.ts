// A field of an Iceberg table as SQL over a file's: members of structs by their ids, since they may have been renamed.
import { duckdbName, duckdbText } from '../duckdb-text.js';
import type { ParquetField } from '../parquet-fields.js';
import { defaultSql } from './iceberg-literal.js';
import type { IcebergType } from './iceberg-schema.js';

/** SQL of the value in the table's names; `sql` itself where the file has the same ones. @param depth of names that are taken */
export function icebergValue(sql: string, type: IcebergType, inFile: ParquetField, depth = 0): string {
  // A text that is stored as bytes is what old writers make of it.
  if (typeof type === 'string') return type === 'string' && inFile.isBytes ? `decode(${sql})` : sql;
  const [inside] = inFile.children;
  switch (type.type) {
    case 'list': {
      const item = `v${depth}`;
      const element = inside?.children[0];
      const inner = element ? icebergValue(item, type.element, element, depth + 1) : item;
      return inner === item ? sql : `list_transform(${sql}, lambda ${item}: ${inner})`;
    }
    case 'map': {
      const entry = `v${depth}`;
      const [plainKey, plainValue] = [`${entry}.key`, `${entry}.value`];
      const [keyField, valueField] = inside?.children ?? [];
      const key = keyField ? icebergValue(plainKey, type.key, keyField, depth + 1) : plainKey;
      const value = valueField ? icebergValue(plainValue, type.value, valueField, depth + 1) : plainValue;
      if (key === plainKey && value === plainValue) return sql;
      const entries = `list_transform(map_entries(${sql}), lambda ${entry}: struct_pack(key := ${key}, value := ${value}))`;
      return `CASE WHEN ${sql} IS NOT NULL THEN map_from_entries(${entries}) END`;
    }
    case 'struct': {
      // Nobody but Iceberg writes ids: names have to do, and are all the same as the table's or null.
      if (inFile.children.every(({ id }) => id === undefined)) return sql;
      let isSame = type.fields.length === inFile.children.length;
      const members = type.fields.map((field, index) => {
        const found = inFile.children.find(({ id }) => id === field.id);
        const plain = found && `struct_extract(${sql}, ${duckdbText(found.name)})`;
        const value =
          found && plain !== undefined ? icebergValue(plain, field.type, found, depth) : defaultSql(field);
        isSame &&= value === plain && inFile.children[index]?.name === field.name;
        return `${duckdbName(field.name)} := ${value}`;
      });
      return isSame ? sql : `CASE WHEN ${sql} IS NOT NULL THEN struct_pack(${members.join(', ')}) END`;
    }
  }
}

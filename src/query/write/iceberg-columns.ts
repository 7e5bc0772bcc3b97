// Columns of an Iceberg table as a query writes them: their types, and the ids that its readers find them by.
import { duckdbName } from '../../tabular/duckdb-text.js';
import { hiveTypeOfIceberg } from '../../tabular/iceberg/iceberg-columns.js';
import type { IcebergField, IcebergType } from '../../tabular/iceberg/iceberg-schema.js';
import { fromHiveType, ICEBERG_TIMESTAMP_PRECISION } from '../select/hive-columns.js';
import { fieldName, type TrinoType } from '../select/trino-type.js';
import { raiseSql } from '../select/typed-sql.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { OutputColumn } from './stage-files.js';

const WRITTEN = /^(boolean|int|long|float|double|string|binary|date|timestamp|decimal\(\d+, ?\d+\))$/;

/** @throws QueryFailure for types that cannot be written here */
export function icebergColumns(
  fields: readonly IcebergField[],
  table: string,
): { name: string; type: TrinoType }[] {
  return fields.map((field) => {
    const odd = unwrittenType(field.type);
    const type =
      odd === undefined ? fromHiveType(hiveTypeOfIceberg(field), ICEBERG_TIMESTAMP_PRECISION) : undefined;
    if (type) return { name: field.name.toLowerCase(), type };
    throw new QueryFailure(
      `NOT_SUPPORTED: ${table} has the column ${field.name} of Iceberg's type ${odd ?? JSON.stringify(field.type)}, which queries cannot write here`,
    );
  });
}

function unwrittenType(type: IcebergType): string | undefined {
  if (typeof type === 'string') return WRITTEN.test(type) ? undefined : type;
  switch (type.type) {
    case 'list':
      return unwrittenType(type.element);
    case 'map':
      return unwrittenType(type.key) ?? unwrittenType(type.value);
    case 'struct':
      return type.fields.map((member) => unwrittenType(member.type)).find((odd) => odd !== undefined);
  }
}

/** Columns that must have a value fail the query that has none for them. */
export function requiredValues(
  columns: readonly OutputColumn[],
  fields: readonly IcebergField[],
): OutputColumn[] {
  return columns.map((column, index) => {
    if (fields[index]?.required !== true) return column;
    const { name, type, sql } = column;
    const missing = raiseSql(
      'CONSTRAINT_VIOLATION',
      `'NULL value not allowed for NOT NULL column: ${name.replaceAll("'", "''")}'`,
      type,
    );
    return { name, type, sql: `CASE WHEN ${sql} IS NULL THEN ${missing} ELSE ${sql} END` };
  });
}

/** What COPY is told to write into Parquet's schema. */
export function fieldIdsOption(
  columns: readonly { name: string; type: TrinoType }[],
  fields: readonly IcebergField[],
): string {
  const members = columns.map(({ name, type }, index) => {
    const field = fields[index] as IcebergField;
    return `${duckdbName(name)}: ${idsOf(type, field.type, field.id)}`;
  });
  return `FIELD_IDS {${members.join(', ')}}`;
}

function idsOf(type: TrinoType, iceberg: IcebergType, id: number): string {
  const nested = (members: string[]) => `{__duckdb_field_id: ${id}, ${members.join(', ')}}`;
  if (typeof iceberg === 'string') return String(id);
  if (iceberg.type === 'list' && type.kind === 'array') {
    return nested([`element: ${idsOf(type.item, iceberg.element, iceberg['element-id'])}`]);
  }
  if (iceberg.type === 'map' && type.kind === 'map') {
    return nested([
      `key: ${idsOf(type.key, iceberg.key, iceberg['key-id'])}`,
      `value: ${idsOf(type.value, iceberg.value, iceberg['value-id'])}`,
    ]);
  }
  if (iceberg.type === 'struct' && type.kind === 'row') {
    return nested(
      iceberg.fields.map(
        (member, index) =>
          `${duckdbName(fieldName(type.fields, index))}: ${idsOf((type.fields[index] as { type: TrinoType }).type, member.type, member.id)}`,
      ),
    );
  }
  throw new Error(`${JSON.stringify(iceberg)} has become ${type.kind}.`);
}

// An Iceberg schema as columns in Hive's types. Source: the Iceberg table specification; names as Iceberg's own Glue catalog
// translates them (IcebergToGlueConverter).
import type { Column } from '@aws-sdk/client-glue';
import { formatHiveType, primitive, type HiveType } from '../hive-type.js';
import type { IcebergField, IcebergType } from './iceberg-schema.js';

const PRIMITIVES: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  int: 'int',
  long: 'bigint',
  float: 'float',
  double: 'double',
  date: 'date',
  time: 'string',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  timestamp_ns: 'timestamp',
  timestamptz_ns: 'timestamp',
  string: 'string',
  uuid: 'string',
  binary: 'binary',
};

/** @throws RangeError that names the column of a type which Hive has no name for */
export function hiveTypeOfIceberg({ name, type }: Pick<IcebergField, 'name' | 'type'>): HiveType {
  return hiveType(type, name);
}

function hiveType(type: IcebergType | undefined, column: string): HiveType {
  if (typeof type === 'string') {
    const decimal = /^decimal\((\d+),\s*(\d+)\)$/.exec(type);
    if (decimal) return primitive(`decimal(${decimal[1]},${decimal[2]})`);
    if (type.startsWith('fixed[')) return primitive('binary');
    const known = Object.hasOwn(PRIMITIVES, type) ? PRIMITIVES[type] : undefined;
    if (known !== undefined) return primitive(known);
    throw new RangeError(`column ${column} has the type ${type}, which Hive does not have`);
  }
  switch (type?.type) {
    case 'list':
      return { kind: 'array', item: hiveType(type.element, column) };
    case 'map':
      return { kind: 'map', key: hiveType(type.key, column), value: hiveType(type.value, column) };
    case 'struct':
      return {
        kind: 'struct',
        members: type.fields.map((member) => ({
          name: member.name,
          type: hiveType(member.type, `${column}.${member.name}`),
        })),
      };
    default:
      throw new RangeError(
        `column ${column} has the type ${JSON.stringify(type)}, which is none of Iceberg's`,
      );
  }
}

/** The columns of the catalog's table, with what clients find an Iceberg table's own by (awswrangler, Iceberg's libraries). */
export function icebergGlueColumns(fields: readonly IcebergField[]): Column[] {
  return fields.map((field) => ({
    Name: field.name.toLowerCase(),
    Type: formatHiveType(hiveTypeOfIceberg(field)),
    ...(field.doc !== undefined && { Comment: field.doc }),
    Parameters: icebergColumnParameters(field),
  }));
}

export function icebergColumnParameters({ id, required }: Pick<IcebergField, 'id' | 'required'>) {
  return {
    'iceberg.field.id': String(id),
    'iceberg.field.optional': String(!required),
    'iceberg.field.current': 'true',
  };
}

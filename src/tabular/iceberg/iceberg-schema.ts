// Columns in Hive's types as an Iceberg schema. Source: the Iceberg table specification, "Schemas and Data Types".
import { AwsError } from '../../wire/aws-error.js';
import { parseHiveType, type HiveType } from '../hive-type.js';

export type IcebergType =
  | string
  | { type: 'list'; 'element-id': number; element: IcebergType; 'element-required': boolean }
  | {
      type: 'map';
      'key-id': number;
      key: IcebergType;
      'value-id': number;
      value: IcebergType;
      'value-required': boolean;
    }
  | { type: 'struct'; fields: IcebergField[] };

export interface IcebergField {
  id: number;
  name: string;
  required: boolean;
  type: IcebergType;
  doc?: string;
  /** What it is in rows that were written before it was there, as JSON; of version 3. */
  'initial-default'?: unknown;
}

const PRIMITIVES: Record<string, string> = {
  boolean: 'boolean',
  tinyint: 'int',
  smallint: 'int',
  int: 'int',
  integer: 'int',
  bigint: 'long',
  float: 'float',
  double: 'double',
  string: 'string',
  binary: 'binary',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
};

/**
 * Ids count from the one behind `lastId`: first all columns, then what is nested in each, as Iceberg's own libraries number a new schema.
 * @throws AwsError InvalidInputException for a type that Iceberg has no name for
 */
export function icebergFields(
  columns: readonly { Name: string; Type?: string | undefined; Comment?: string | undefined }[],
  lastId = 0,
): {
  fields: IcebergField[];
  lastColumnId: number;
} {
  const nextId = () => ++lastId;

  const typeOf = (type: HiveType, column: string): IcebergType => {
    switch (type.kind) {
      case 'primitive':
        return primitiveOf(type.name, column);
      case 'array': {
        const id = nextId();
        return {
          type: 'list',
          'element-id': id,
          element: typeOf(type.item, column),
          'element-required': false,
        };
      }
      case 'map': {
        const [keyId, valueId] = [nextId(), nextId()];
        return {
          type: 'map',
          'key-id': keyId,
          key: typeOf(type.key, column),
          'value-id': valueId,
          value: typeOf(type.value, column),
          'value-required': false,
        };
      }
      case 'struct': {
        const ids = type.members.map(nextId);
        return {
          type: 'struct',
          fields: type.members.map((member, index) => ({
            id: ids[index] as number,
            name: member.name,
            required: false,
            type: typeOf(member.type, column),
          })),
        };
      }
    }
  };

  const ids = columns.map(nextId);
  const fields = columns.map(({ Name, Type = 'string', Comment }, index) => ({
    id: ids[index] as number,
    name: Name,
    required: false,
    type: typeOf(parsed(Type, Name), Name),
    ...(Comment ? { doc: Comment } : {}),
  }));
  return { fields, lastColumnId: lastId };
}

function parsed(text: string, column: string): HiveType {
  try {
    return parseHiveType(text);
  } catch (error) {
    throw new AwsError(
      'InvalidInputException',
      `Column ${column} has the type ${text}, which is not a Hive type.`,
      {
        cause: error,
      },
    );
  }
}

function primitiveOf(name: string, column: string): string {
  const lower = name.toLowerCase();
  const decimal = /^decimal(?:\((\d+)(?:,\s*(\d+))?\))?$/.exec(lower);
  if (decimal) return `decimal(${decimal[1] ?? 10}, ${decimal[2] ?? 0})`;
  const known = PRIMITIVES[lower] ?? (/^(?:var)?char\(\d+\)$/.test(lower) ? 'string' : undefined);
  if (known) return known;
  throw new AwsError(
    'InvalidInputException',
    `Column ${column} has the type ${name}, which Iceberg does not have.`,
  );
}

// A catalog table's columns as an Avro schema. Every field may be absent, so that attributes can come without breaking readers.
import type { Column } from '@aws-sdk/client-glue';
import { parseHiveTypeTree, type HiveTypeTree } from './hive-type-tree.js';

type AvroType = string | AvroType[] | { [member: string]: unknown };

const PRIMITIVES: Readonly<Record<string, AvroType>> = {
  boolean: 'boolean',
  tinyint: 'int',
  smallint: 'int',
  int: 'int',
  integer: 'int',
  bigint: 'long',
  float: 'float',
  double: 'double',
  binary: 'bytes',
  string: 'string',
  timestamp: { type: 'long', logicalType: 'timestamp-millis' },
  date: { type: 'int', logicalType: 'date' },
};

/** @param name of the catalog table */
export function avroSchemaOf(name: string, columns: readonly Column[]): string {
  const members = columns.map((column) => ({
    name: column.Name as string,
    type: parseHiveTypeTree(column.Type ?? 'string'),
  }));
  return JSON.stringify(avroType({ kind: 'struct', members }, [name]));
}

/** `path` names records, whose names must differ within one schema. */
function avroType(type: HiveTypeTree, path: readonly string[]): AvroType {
  switch (type.kind) {
    case 'primitive':
      return PRIMITIVES[type.name] ?? 'string';
    case 'array':
      return { type: 'array', items: ['null', avroType(type.item, [...path, 'item'])] };
    case 'map':
      return { type: 'map', values: ['null', avroType(type.value, [...path, 'value'])] };
    case 'struct': {
      const names = fieldNames(type.members.map(({ name }) => name));
      return {
        type: 'record',
        name: path.map(avroName).join('__'),
        fields: type.members.map((member, index) => {
          const name = names[index] as string;
          return {
            name,
            // Avro has fewer names than DynamoDB: what the attribute is called is in the doc then.
            ...(name === member.name ? {} : { doc: `attribute ${member.name}` }),
            type: ['null', avroType(member.type, [...path, name])],
            default: null,
          };
        }),
      };
    }
  }
}

/** Avro specification, "Names": letters, digits and _, not beginning with a digit. */
function avroName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9])|^$/, '_');
}

function fieldNames(names: readonly string[]): string[] {
  // Who is spelled as Avro wants it keeps its name; the others make way.
  const taken = new Set(names.filter((name) => avroName(name) === name));
  return names.map((name) => {
    if (avroName(name) === name) return name;
    let candidate = avroName(name);
    for (let count = 2; taken.has(candidate); count++) candidate = `${avroName(name)}_${count}`;
    taken.add(candidate);
    return candidate;
  });
}

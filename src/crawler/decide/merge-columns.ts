// MergeNewColumns: columns are only ever added, at the top and inside structs.
import type { Column } from '@aws-sdk/client-glue';
import { formatHiveType, parseHiveType, primitive, type HiveType } from '../../tabular/hive-type.js';

/** The old columns in their order with their types and comments, then the new ones. Source: AWS docs, MergeNewColumns. */
export function addNewColumns(known: readonly Column[], found: readonly Column[]): Column[] {
  const foundByName = new Map(found.map((column) => [column.Name, column]));
  const knownNames = new Set(known.map((column) => column.Name));
  return [
    ...known.map((column) => {
      const type = foundByName.get(column.Name)?.Type;
      if (type === undefined || column.Type === undefined || type === column.Type) return column;
      const knownType = readType(column.Type);
      const merged = formatHiveType(addNewMembers(knownType, readType(type)));
      return merged === formatHiveType(knownType) ? column : { ...column, Type: merged };
    }),
    ...found.filter((column) => !knownNames.has(column.Name)),
  ];
}

function addNewMembers(known: HiveType, found: HiveType): HiveType {
  if (known.kind === 'array' && found.kind === 'array') {
    return { kind: 'array', item: addNewMembers(known.item, found.item) };
  }
  if (known.kind === 'map' && found.kind === 'map') {
    return { ...known, value: addNewMembers(known.value, found.value) };
  }
  if (known.kind === 'struct' && found.kind === 'struct') {
    const foundTypes = new Map(found.members.map((member) => [member.name, member.type]));
    const knownNames = new Set(known.members.map((member) => member.name));
    return {
      kind: 'struct',
      members: [
        ...known.members.map(({ name, type }) => {
          const other = foundTypes.get(name);
          return { name, type: other ? addNewMembers(type, other) : type };
        }),
        ...found.members.filter((member) => !knownNames.has(member.name)),
      ],
    };
  }
  return known;
}

// A type that people wrote into the catalog may be anything: what cannot be read gains no members.
function readType(text: string): HiveType {
  try {
    return parseHiveType(text);
  } catch {
    return primitive(text);
  }
}

// Column types in Hive's language, as structures that can be merged and printed.

export type HiveType =
  | { kind: 'primitive'; name: string }
  | { kind: 'array'; item: HiveType }
  | { kind: 'map'; key: HiveType; value: HiveType }
  | { kind: 'struct'; members: { name: string; type: HiveType }[] };

export const primitive = (name: string): HiveType => ({ kind: 'primitive', name });

/** `struct<a:int,b:array<string>>` and the like, as the Data Catalog spells it. */
export function formatHiveType(type: HiveType): string {
  switch (type.kind) {
    case 'primitive':
      return type.name;
    case 'array':
      return `array<${formatHiveType(type.item)}>`;
    case 'map':
      return `map<${formatHiveType(type.key)},${formatHiveType(type.value)}>`;
    case 'struct':
      return `struct<${type.members.map((member) => `${member.name}:${formatHiveType(member.type)}`).join(',')}>`;
  }
}

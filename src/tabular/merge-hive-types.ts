// One column, two types: what type holds the values of both.
import { isNoValueSeen, primitive, type HiveType } from './hive-type.js';

/** Each holds the values of those before it. */
const INTEGERS = ['tinyint', 'smallint', 'int', 'bigint'];
const FRACTIONS = ['float', 'double'];

/**
 * The type of a column that is `a` in one place and `b` in another. Numbers widen (int and bigint to bigint, with a
 * decimal point to double), structs merge member by member in order of first appearance, arrays and maps item by item,
 * a type without values gives way, and everything else that differs becomes string.
 * Seen in crawled tables: int or bigint with double. The others are assumptions.
 */
export function mergeHiveTypes(a: HiveType, b: HiveType): HiveType {
  if (isNoValueSeen(a)) return b;
  if (isNoValueSeen(b)) return a;
  if (a.kind === 'primitive' && b.kind === 'primitive') return mergePrimitives(a.name, b.name);
  if (a.kind === 'array' && b.kind === 'array')
    return { kind: 'array', item: mergeHiveTypes(a.item, b.item) };
  if (a.kind === 'map' && b.kind === 'map') {
    return { kind: 'map', key: mergeHiveTypes(a.key, b.key), value: mergeHiveTypes(a.value, b.value) };
  }
  if (a.kind === 'struct' && b.kind === 'struct') {
    const types = new Map(a.members.map((member) => [member.name, member.type]));
    for (const { name, type } of b.members) {
      const known = types.get(name);
      types.set(name, known ? mergeHiveTypes(known, type) : type);
    }
    return { kind: 'struct', members: [...types].map(([name, type]) => ({ name, type })) };
  }
  return primitive('string');
}

function mergePrimitives(a: string, b: string): HiveType {
  if (a === b) return primitive(a);
  for (const widening of [INTEGERS, FRACTIONS]) {
    if (widening.includes(a) && widening.includes(b)) {
      return primitive(widening[Math.max(widening.indexOf(a), widening.indexOf(b))]!);
    }
  }
  const areNumbers = [a, b].every((name) => INTEGERS.includes(name) || FRACTIONS.includes(name));
  return primitive(areNumbers ? 'double' : 'string');
}

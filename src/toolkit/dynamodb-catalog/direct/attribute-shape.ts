// What a sample shows of an attribute: in how many items it is, which types it has, and the catalog's type for all of them.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type DynamodbType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'M' | 'L' | 'SS' | 'NS' | 'BS';

/** AWS docs, Column: longest type, in characters. */
const TYPE_LENGTH_MAX = 131_072;
const BIGINT_MIN = -(2n ** 63n);
const BIGINT_MAX = 2n ** 63n - 1n;

type Kind = 'bigint' | 'double' | 'boolean' | 'string' | 'binary' | 'struct' | 'array';

export interface AttributeShape {
  see(value: AttributeValue): void;
  /** Values seen, NULL among them. */
  readonly count: number;
  /** Of those values, in the order of their names. */
  types(): DynamodbType[];
  /** As the catalog spells it. Values that have no type in common are text; nothing but NULL is, too. */
  hiveType(): string;
}

export function attributeShape(): AttributeShape {
  const types = new Set<DynamodbType>();
  const kinds = new Set<Kind>();
  const members = new Map<string, AttributeShape>();
  let items: AttributeShape | undefined;
  let count = 0;

  const seeItems = (values: readonly AttributeValue[]) => {
    kinds.add('array');
    items ??= attributeShape();
    for (const value of values) items.see(value);
  };
  const seeMap = (map: Record<string, AttributeValue>) => {
    kinds.add('struct');
    for (const [key, value] of Object.entries(map)) {
      // What a struct's text is made of cannot be part of a name in it.
      const name = key.replace(/[:,<>\p{Cc}]/gu, '_');
      let member = members.get(name);
      if (!member) members.set(name, (member = attributeShape()));
      member.see(value);
    }
  };
  const structType = () => {
    if (members.size === 0) return 'string';
    const text = `struct<${[...members].map(([name, member]) => `${name}:${member.hiveType()}`).join(',')}>`;
    // Maps whose keys are data have no room as structs.
    return text.length <= TYPE_LENGTH_MAX ? text : 'map<string,string>';
  };

  return {
    see(value) {
      count++;
      const [type] = Object.keys(value) as DynamodbType[];
      if (type !== undefined) types.add(type);
      if (value.S !== undefined) kinds.add('string');
      else if (value.N !== undefined) kinds.add(numberKind(value.N));
      else if (value.BOOL !== undefined) kinds.add('boolean');
      else if (value.B !== undefined) kinds.add('binary');
      else if (value.M !== undefined) seeMap(value.M);
      else if (value.L !== undefined) seeItems(value.L);
      else if (value.SS !== undefined) seeItems(value.SS.map((S) => ({ S })));
      else if (value.NS !== undefined) seeItems(value.NS.map((N) => ({ N })));
      else if (value.BS !== undefined) seeItems(value.BS.map((B) => ({ B })));
      // What is left is NULL, which says nothing of the type.
    },
    get count() {
      return count;
    },
    types: () => [...types].sort(),
    hiveType() {
      if (kinds.size === 0) return 'string';
      if ([...kinds].every((kind) => kind === 'bigint' || kind === 'double')) {
        return kinds.has('double') ? 'double' : 'bigint';
      }
      if (kinds.size > 1) return 'string';
      if (kinds.has('array')) return `array<${items?.hiveType() ?? 'string'}>`;
      return kinds.has('struct') ? structType() : ([...kinds][0] as Kind);
    },
  };
}

// DynamoDB's numbers have up to 38 digits; one that fits no bigint is a double.
function numberKind(text: string): 'bigint' | 'double' {
  if (!/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? 'bigint' : 'double';
  const value = BigInt(text);
  return value >= BIGINT_MIN && value <= BIGINT_MAX ? 'bigint' : 'double';
}

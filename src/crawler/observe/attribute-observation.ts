// What was seen of one attribute in many DynamoDB items, and the Hive type that follows from it.
import type { AttributeValue, Item } from '../../dynamodb/attribute-value.js';
import { formatHiveType, noValueSeen, primitive, type HiveType } from '../../tabular/hive-type.js';

const BIGINT = 1;
const DOUBLE = 2;
const BOOLEAN = 4;
const STRING = 8;
const BINARY = 16;
const STRUCT = 32;
const ARRAY = 64;

const BIGINT_MIN = -(2n ** 63n);
const BIGINT_MAX = 2n ** 63n - 1n;

/** The Data Catalog's bound on a column's type, in characters. Source: AWS docs, Column. */
const TYPE_LENGTH_MAX = 131_072;

export class AttributeObservation {
  /** The kinds of values seen, one bit each; NULL is not a kind. */
  private kinds = 0;
  /** Of maps, in order of first appearance. */
  private readonly members = new Map<string, AttributeObservation>();
  private items: AttributeObservation | undefined;

  see(value: AttributeValue): void {
    if ('S' in value) this.kinds |= STRING;
    else if ('N' in value) this.kinds |= numberKind(value.N);
    else if ('BOOL' in value) this.kinds |= BOOLEAN;
    else if ('B' in value) this.kinds |= BINARY;
    else if ('M' in value) this.seeMap(value.M);
    else if ('L' in value) this.seeItems(value.L);
    else if ('SS' in value) this.seeItems(value.SS.map((S) => ({ S })));
    else if ('NS' in value) this.seeItems(value.NS.map((N) => ({ N })));
    else if ('BS' in value) this.seeItems(value.BS.map((B) => ({ B })));
    // What is left is NULL, which says nothing of the attribute's type.
  }

  private seeMap(map: Item): void {
    this.kinds |= STRUCT;
    for (const [key, value] of Object.entries(map)) {
      const name = memberName(key);
      let member = this.members.get(name);
      if (!member) this.members.set(name, (member = new AttributeObservation()));
      member.see(value);
    }
  }

  private seeItems(values: readonly AttributeValue[]): void {
    this.kinds |= ARRAY;
    this.items ??= new AttributeObservation();
    for (const value of values) this.items.see(value);
  }

  /** Nothing but NULL, a list without items, a map without members: no value seen, which is spelled `string`. */
  toHiveType(): HiveType {
    switch (this.kinds) {
      case 0:
        return noValueSeen;
      case BIGINT:
        return primitive('bigint');
      case DOUBLE:
      case BIGINT | DOUBLE:
        return primitive('double');
      case BOOLEAN:
        return primitive('boolean');
      case STRING:
        return primitive('string');
      case BINARY:
        return primitive('binary');
      case ARRAY:
        return { kind: 'array', item: this.items?.toHiveType() ?? noValueSeen };
      case STRUCT:
        return this.structType();
      default:
        return mixedType();
    }
  }

  private structType(): HiveType {
    if (this.members.size === 0) return noValueSeen;
    const members = [...this.members].map(([name, member]) => ({ name, type: member.toHiveType() }));
    const struct: HiveType = { kind: 'struct', members };
    return formatHiveType(struct).length <= TYPE_LENGTH_MAX ? struct : wideMapType();
  }
}

/** Kinds that have no type in common. AWS does not say what its crawlers make of them; this is a guess. */
function mixedType(): HiveType {
  return primitive('string');
}

/** A map with keys that are data, so many that a struct of them has no room in the catalog. A guess. */
function wideMapType(): HiveType {
  return primitive('map<string,string>');
}

// An integer of more than 64 bits, of which DynamoDB has up to 38 digits, fits no bigint; double is a guess.
function numberKind(text: string): number {
  if (!/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? BIGINT : DOUBLE;
  if (text.length < 18) return BIGINT;
  const value = BigInt(text);
  return value >= BIGINT_MIN && value <= BIGINT_MAX ? BIGINT : DOUBLE;
}

// What a struct's text is made of cannot be part of a member's name in it; that AWS replaces it is a guess.
function memberName(key: string): string {
  return key.replace(/[:,<>\p{Cc}]/gu, '_');
}

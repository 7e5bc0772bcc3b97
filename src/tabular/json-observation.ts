// What was seen at one place of many JSON records, and the Hive type that follows from it.
import { noValueSeen, primitive, type HiveType } from './hive-type.js';

export const INT = 1;
export const BIGINT = 2;
export const DOUBLE = 4;
export const BOOLEAN = 8;
export const STRING = 16;
export const STRUCT = 32;
export const ARRAY = 64;

export interface ObservedMember {
  name: string;
  /** The name as the file has it between its quotes, to recognise it without decoding. */
  rawName: Buffer;
  observation: JsonObservation;
}

export class JsonObservation {
  /** The kinds of values seen, one bit each; null is not a kind. */
  kinds = 0;
  /** Of structs, in order of first appearance. */
  readonly members: ObservedMember[] = [];
  /** Index of a member by its name, for structs whose members come in another order. */
  private readonly memberIndex = new Map<string, number>();
  private itemObservation: JsonObservation | undefined;

  /** What was seen in arrays here. */
  get item(): JsonObservation {
    return (this.itemObservation ??= new JsonObservation());
  }

  /** Index of the member `name`, which is added when it is new. `rawName` is copied. */
  indexOfMember(name: string, rawName: Buffer): number {
    const known = this.memberIndex.get(name);
    if (known !== undefined) return known;
    this.members.push({ name, rawName: Buffer.from(rawName), observation: new JsonObservation() });
    this.memberIndex.set(name, this.members.length - 1);
    return this.members.length - 1;
  }

  /**
   * One kind is that kind, numbers of several kinds are the widest, anything else mixed is a string (assumption: AWS does
   * not document it). Nothing but nulls, or an array without items, has no value seen.
   */
  toHiveType(): HiveType {
    switch (this.kinds) {
      case 0:
        return noValueSeen;
      case INT:
        return primitive('int');
      case BIGINT:
      case INT | BIGINT:
        return primitive('bigint');
      case BOOLEAN:
        return primitive('boolean');
      case STRUCT:
        return {
          kind: 'struct',
          members: this.members.map(({ name, observation }) => ({ name, type: observation.toHiveType() })),
        };
      case ARRAY:
        return { kind: 'array', item: this.item.toHiveType() };
      default:
        return primitive(this.kinds < BOOLEAN ? 'double' : 'string');
    }
  }
}

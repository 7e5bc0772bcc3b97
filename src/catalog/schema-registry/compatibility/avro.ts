// Avro: whether a reader's schema resolves what was written with another, by the specification's schema resolution.
import {
  shortName,
  type AvroEnum,
  type AvroField,
  type AvroFixed,
  type AvroRecord,
  type AvroSchema,
} from '../definition/avro.js';
import { greatestRelation, type Pairs } from './pairs.js';

/** What a reader that expects the key may find instead (specification: "Schema Resolution"). */
const PROMOTIONS: Record<string, readonly string[]> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  string: ['bytes'],
  bytes: ['string'],
};

/**
 * Names of records choose a branch of the reader's union and are not compared elsewhere, as in Java's Avro library, which AWS
 * uses (its integration tests register records of changing names under BACKWARD). Enums and fixed have the same
 * unqualified name, or the reader's has the writer's as an alias.
 */
export function canReadAvro(reader: AvroSchema, writer: AvroSchema): boolean {
  const identities = new Map<AvroRecord, number>();
  const identityOf = (record: AvroRecord): number => {
    const identity = identities.get(record) ?? identities.size;
    identities.set(record, identity);
    return identity;
  };
  return greatestRelation<string>((pairs) => new Resolution(pairs, identityOf).resolves(reader, writer));
}

class Resolution {
  constructor(
    private readonly pairs: Pairs<string>,
    private readonly identityOf: (record: AvroRecord) => number,
  ) {}

  resolves(reader: AvroSchema, writer: AvroSchema): boolean {
    if (writer.kind === 'union') return writer.branches.every((branch) => this.resolves(reader, branch));
    if (reader.kind === 'union') return this.resolvesBranch(reader.branches, writer);
    if (reader.kind === 'primitive' && writer.kind === 'primitive') {
      return reader.name === writer.name || (PROMOTIONS[reader.name]?.includes(writer.name) ?? false);
    }
    if (reader.kind === 'array' && writer.kind === 'array') return this.resolves(reader.items, writer.items);
    if (reader.kind === 'map' && writer.kind === 'map') return this.resolves(reader.values, writer.values);
    if (reader.kind === 'enum' && writer.kind === 'enum') return resolvesEnum(reader, writer);
    if (reader.kind === 'fixed' && writer.kind === 'fixed') {
      return reader.size === writer.size && isNamedAlike(reader, writer);
    }
    return reader.kind === 'record' && writer.kind === 'record' && this.resolvesRecord(reader, writer);
  }

  // The branch of the writer's name, whether or not it resolves; without one, any that does.
  private resolvesBranch(branches: AvroSchema[], writer: AvroSchema): boolean {
    const sameName = branches.find(
      (branch) => 'fullName' in writer && 'fullName' in branch && branch.fullName === writer.fullName,
    );
    return sameName
      ? this.resolves(sameName, writer)
      : branches.some((branch) => this.resolves(branch, writer));
  }

  private resolvesRecord(reader: AvroRecord, writer: AvroRecord): boolean {
    return this.pairs.holds(`${this.identityOf(reader)} ${this.identityOf(writer)}`, () => {
      const written = new Map(writer.fields.map((field) => [field.name, field]));
      return reader.fields.every((field) => {
        const source = writtenField(field, written);
        return source ? this.resolves(field.type, source.type) : field.hasDefault;
      });
    });
  }
}

function writtenField(field: AvroField, written: ReadonlyMap<string, AvroField>): AvroField | undefined {
  const name = [field.name, ...field.aliases].find((candidate) => written.has(candidate));
  return name === undefined ? undefined : written.get(name);
}

function resolvesEnum(reader: AvroEnum, writer: AvroEnum): boolean {
  if (!isNamedAlike(reader, writer)) return false;
  return reader.default !== undefined || writer.symbols.every((symbol) => reader.symbols.includes(symbol));
}

function isNamedAlike(reader: AvroEnum | AvroFixed, writer: AvroEnum | AvroFixed): boolean {
  return (
    shortName(reader.fullName) === shortName(writer.fullName) || reader.aliases.includes(writer.fullName)
  );
}

// A stripe's columns as values that JSON has: whole numbers of 64 bits, decimals and bytes as texts.
import { openBooleans, openBytes, openIntegers, signedOf, type Integer } from './orc-integers.js';
import { OrcError, type OrcType } from './orc-footer.js';
import type { OrcBytes } from './orc-bytes.js';
import type { OpenStripe, StreamKind } from './orc-stripe.js';
import { openZoneOffsets, orcMicroseconds } from './orc-timestamps.js';

/** The values of the next rows; null for null. */
export type ReadColumn = (rowCount: number) => unknown[];

/** @throws OrcError when a stream is missing */
export function openOrcColumn(type: OrcType, stripe: OpenStripe): ReadColumn {
  const present = stripe.find(type.column, 'present');
  const read = openValues(type, stripe);
  if (!present) return read;
  const readPresent = openBooleans(present);
  return (rowCount) => {
    const isThere = readPresent(rowCount);
    const values = read(isThere.reduce((count, each) => count + Number(each), 0));
    let next = 0;
    return isThere.map((each) => (each ? values[next++] : null));
  };
}

/** Values that are there. */
function openValues(type: OrcType, stripe: OpenStripe): ReadColumn {
  const { column, kind, children } = type;
  const { version, isDictionary } = stripe.encodingOf(column);
  const stream = (name: StreamKind) => stripe.find(column, name) ?? missingStream(column, name);
  const integers = (name: 'data' | 'length' | 'secondary', isSigned: boolean) =>
    openIntegers(stream(name), { isSigned, version });
  const lengths = () => {
    const read = integers('length', false);
    return (count: number) => read(count).map(Number);
  };

  switch (kind) {
    case 'boolean':
      return openBooleans(stream('data'));
    case 'byte': {
      const read = openBytes(stream('data'));
      return (count) => read(count).map((byte) => (byte << 24) >> 24);
    }
    case 'short':
    case 'int':
    case 'long':
    case 'date': {
      const read = integers('data', true);
      return (count) => read(count).map(jsonInteger);
    }
    case 'float':
    case 'double': {
      const data = stream('data');
      const size = kind === 'float' ? 4 : 8;
      return (count) => {
        const bytes = data.take(count * size);
        return Array.from({ length: count }, (_, index) =>
          jsonNumber(size === 4 ? bytes.readFloatLE(index * 4) : bytes.readDoubleLE(index * 8)),
        );
      };
    }
    case 'string':
    case 'varchar':
    case 'char':
      if (isDictionary)
        return openDictionary(column, stripe, stream('dictionary'), integers('data', false), lengths());
      return openTexts(stream('data'), lengths(), 'utf8');
    case 'binary':
      return openTexts(stream('data'), lengths(), 'base64');
    case 'decimal': {
      const data = stream('data');
      const scales = integers('secondary', true);
      return (count) => scales(count).map((scale) => decimalText(signedOf(data.varint()), Number(scale)));
    }
    case 'timestamp':
    case 'timestamp-instant': {
      const [seconds, nanoseconds] = [integers('data', true), integers('secondary', false)];
      const offsetAt = openZoneOffsets(kind === 'timestamp' ? stripe.zone : '');
      return (count) => {
        const stored = nanoseconds(count);
        return seconds(count).map((each, index) =>
          jsonInteger(orcMicroseconds(each, stored[index] as Integer, offsetAt)),
        );
      };
    }
    case 'list': {
      const read = lengths();
      const items = openOrcColumn((children[0] as (typeof children)[0]).type, stripe);
      return (count) => cut(read(count), items);
    }
    case 'map': {
      const read = lengths();
      const [keys, values] = children.map((child) => openOrcColumn(child.type, stripe)) as [
        ReadColumn,
        ReadColumn,
      ];
      return (count) => {
        const counts = read(count);
        const allValues = cut(counts, values);
        return cut(counts, keys).map((each, index) =>
          Object.fromEntries(each.map((key, place) => [String(key), allValues[index]?.[place]])),
        );
      };
    }
    case 'struct': {
      const members = children.map(({ name, type: member }) => ({
        name,
        read: openOrcColumn(member, stripe),
      }));
      return (count) => {
        const columns = members.map(({ name, read }) => ({ name, values: read(count) }));
        return Array.from({ length: count }, (_, index) =>
          Object.fromEntries(columns.map(({ name, values }) => [name, values[index]])),
        );
      };
    }
    case 'union':
      throw new OrcError(`its column ${column} is a union, which no column can be`);
  }
}

/** Where there are no values writers leave the stream out. */
function missingStream(column: number, name: StreamKind): OrcBytes {
  const fail = (): never => {
    throw new OrcError(`its column ${column} has no ${name} in a stripe`);
  };
  return { byte: fail, take: (count) => (count === 0 ? Buffer.alloc(0) : fail()), varint: fail };
}

const jsonInteger = (value: Integer) => (typeof value === 'number' ? value : value.toString());
const jsonNumber = (value: number) => (Number.isFinite(value) ? value : String(value));

function openTexts(
  data: { take(count: number): Buffer },
  lengths: (count: number) => number[],
  encoding: 'utf8' | 'base64',
): ReadColumn {
  return (count) => lengths(count).map((length) => data.take(length).toString(encoding));
}

/** Each value is the place of its text among the stripe's. */
function openDictionary(
  column: number,
  stripe: OpenStripe,
  bytes: Pick<OrcBytes, 'take'>,
  readPlaces: (count: number) => Integer[],
  lengths: (count: number) => number[],
): ReadColumn {
  const dictionary = lengths(stripe.encodingOf(column).dictionarySize).map((length) =>
    bytes.take(length).toString('utf8'),
  );
  return (count) =>
    readPlaces(count).map((place) => {
      const text = dictionary[Number(place)];
      if (text === undefined)
        throw new OrcError(`its column ${column} names a text that is not in its dictionary`);
      return text;
    });
}

/** The values of all lists, list by list. */
function cut(counts: readonly number[], read: ReadColumn): unknown[][] {
  const all = read(counts.reduce((total, count) => total + count, 0));
  let at = 0;
  return counts.map((count) => all.slice(at, (at += count)));
}

function decimalText(unscaled: Integer, scale: number): string {
  const isNegative = unscaled < 0;
  const digits = String(isNegative ? -unscaled : unscaled).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${isNegative ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
}

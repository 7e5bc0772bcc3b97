// JSON Schema: numbers and strings that a reader must accept.
import type { JsonObject } from '../definition/json-text.js';
import type { Conjunction } from './json-schema.js';
import { boundOf, isMultiple, isTighter, type Bound, type JsonType } from './json-value.js';

export function acceptsNumbers(
  reader: JsonObject,
  writers: Conjunction,
  types: readonly JsonType[],
): boolean {
  const onlyIntegers = !types.includes('fraction');
  const acceptsSide = (side: 'Minimum' | 'Maximum') => {
    const bound = boundOf(reader, side);
    return (
      !bound ||
      writers.some((writer) => {
        const written = boundOf(writer, side);
        return written && isTighter(inclusive(written, side, onlyIntegers), bound, side);
      })
    );
  };
  return acceptsSide('Minimum') && acceptsSide('Maximum') && acceptsMultiples(reader, writers, onlyIntegers);
}

// Integers above 0 are those from 1.
function inclusive(bound: Bound, side: 'Minimum' | 'Maximum', onlyIntegers: boolean): Bound {
  if (!onlyIntegers) return bound;
  const { value, isExclusive } = bound;
  const step = isExclusive && Number.isInteger(value) ? 1 : 0;
  return {
    value: side === 'Minimum' ? Math.ceil(value) + step : Math.floor(value) - step,
    isExclusive: false,
  };
}

function acceptsMultiples(reader: JsonObject, writers: Conjunction, onlyIntegers: boolean): boolean {
  const factor = reader.multipleOf as number | undefined;
  if (factor === undefined) return true;
  const written = writers.flatMap((writer) =>
    writer.multipleOf === undefined ? [] : [writer.multipleOf as number],
  );
  return [...written, ...(onlyIntegers ? [1] : [])].some((multiple) => isMultiple(multiple, factor));
}

export function acceptsStrings(reader: JsonObject, writers: Conjunction): boolean {
  return (
    acceptsCounts(reader, writers, 'Length') &&
    (reader.pattern === undefined || writers.some((writer) => writer.pattern === reader.pattern))
  );
}

/** Lengths of strings, of arrays, and counts of properties. `leastWritten` is known from elsewhere than `min...`. */
export function acceptsCounts(
  reader: JsonObject,
  writers: Conjunction,
  what: 'Length' | 'Items' | 'Properties',
  leastWritten = 0,
): boolean {
  const [least, most] = [`min${what}`, `max${what}`];
  const numbers = (keyword: string) =>
    writers.map((writer) => writer[keyword]).filter((value) => typeof value === 'number');
  return (
    ((reader[least] as number | undefined) ?? 0) <= Math.max(leastWritten, ...numbers(least)) &&
    ((reader[most] as number | undefined) ?? Infinity) >= Math.min(Infinity, ...numbers(most))
  );
}

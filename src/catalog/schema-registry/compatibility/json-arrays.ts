// JSON Schema: arrays that a reader must accept.
import type { JsonSchema } from '../definition/json-schema.js';
import type { JsonObject } from '../definition/json-text.js';
import { acceptsCounts } from './json-scalars.js';
import type { Accepts, Conjunction } from './json-schema.js';
import { itemSchema } from './json-value.js';

export function acceptsArrays(reader: JsonObject, writers: Conjunction, accepts: Accepts): boolean {
  return (
    acceptsCounts(reader, writers, 'Items') &&
    (reader.uniqueItems !== true || writers.some((writer) => writer.uniqueItems === true)) &&
    acceptsItems(reader, writers, accepts) &&
    (reader.contains === undefined ||
      writers.some(
        (writer) =>
          writer.contains !== undefined &&
          accepts(reader.contains as JsonSchema, [writer.contains as JsonSchema]),
      ))
  );
}

// Item by item as far as either lists items, then all the rest at once.
function acceptsItems(reader: JsonObject, writers: Conjunction, accepts: Accepts): boolean {
  const tupleLengths = [reader, ...writers].map(({ items }) => (Array.isArray(items) ? items.length : 0));
  const indexes = Array.from({ length: Math.max(...tupleLengths) + 1 }, (_, index) => index);
  const longest = Math.min(Infinity, ...writers.map(({ maxItems = Infinity }) => maxItems as number));
  return indexes.every(
    (index) =>
      index >= longest ||
      accepts(
        itemSchema(reader, index),
        writers.map((writer) => itemSchema(writer, index)),
      ),
  );
}

// JSON Schema: objects that a reader must accept, under open, closed and partially open content models.
import type { JsonSchema } from '../definition/json-schema.js';
import { isObject, type Json, type JsonObject } from '../definition/json-text.js';
import { acceptsCounts } from './json-scalars.js';
import type { Accepts, Conjunction } from './json-schema.js';
import { propertySchemas } from './json-value.js';

export function acceptsObjects(reader: JsonObject, writers: Conjunction, accepts: Accepts): boolean {
  const alwaysWritten = new Set(writers.flatMap((writer) => (writer.required ?? []) as string[]));
  return (
    acceptsCounts(reader, writers, 'Properties', alwaysWritten.size) &&
    ((reader.required ?? []) as string[]).every(
      (name) => alwaysWritten.has(name) || hasDefault(reader, name),
    ) &&
    acceptsNamed(reader, writers, accepts) &&
    acceptsPatterned(reader, writers, accepts) &&
    accepts(additional(reader), writers.map(additional)) &&
    (reader.propertyNames === undefined ||
      accepts(reader.propertyNames as JsonSchema, [
        STRINGS,
        ...writers.map((writer) => (writer.propertyNames ?? true) as JsonSchema),
      ])) &&
    acceptsDependencies(reader, writers, alwaysWritten, accepts)
  );
}

const STRINGS: JsonObject = { type: 'string' };

const members = (schema: JsonObject, keyword: string) => (schema[keyword] ?? {}) as JsonObject;
const additional = (schema: JsonObject) => (schema.additionalProperties ?? true) as JsonSchema;

function hasDefault(reader: JsonObject, name: string): boolean {
  const properties = members(reader, 'properties');
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isObject(property) && property.default !== undefined;
}

function acceptsNamed(reader: JsonObject, writers: Conjunction, accepts: Accepts): boolean {
  const names = new Set([reader, ...writers].flatMap((schema) => Object.keys(members(schema, 'properties'))));
  return [...names].every((name) => {
    const written = writers.flatMap((writer) => propertySchemas(writer, name));
    return propertySchemas(reader, name).every((schema) => accepts(schema, written));
  });
}

// Names that no schema knows, but some pattern does. Those that are known were compared one by one.
function acceptsPatterned(reader: JsonObject, writers: Conjunction, accepts: Accepts): boolean {
  const readerPatterns = Object.entries(members(reader, 'patternProperties')) as [string, JsonSchema][];
  const writerPatterns = writers.flatMap(
    (writer) => Object.entries(members(writer, 'patternProperties')) as [string, JsonSchema][],
  );
  const acceptsWherever = (schema: JsonSchema) =>
    accepts(schema, writers.map(additional)) &&
    writerPatterns.every(([, written]) => accepts(schema, [written]));
  return (
    readerPatterns.every(
      ([pattern, schema]) => accepts(schema, writtenUnder(pattern, writers)) || acceptsWherever(schema),
    ) &&
    writerPatterns.every(
      ([pattern]) =>
        readerPatterns.some(([same]) => same === pattern) ||
        accepts(additional(reader), writtenUnder(pattern, writers)),
    )
  );
}

// A name that matches one pattern may match another as well, which is not known from the patterns.
function writtenUnder(pattern: string, writers: Conjunction): JsonSchema[] {
  return writers.map((writer) => {
    const patterns = members(writer, 'patternProperties');
    if (Object.hasOwn(patterns, pattern)) return patterns[pattern] as JsonSchema;
    return Object.keys(patterns).length === 0 ? additional(writer) : true;
  });
}

function acceptsDependencies(
  reader: JsonObject,
  writers: Conjunction,
  alwaysWritten: ReadonlySet<string>,
  accepts: Accepts,
): boolean {
  return Object.entries(members(reader, 'dependencies')).every(([name, dependency]) => {
    const written = writers
      .map((writer) => members(writer, 'dependencies'))
      .flatMap((dependencies) => (Object.hasOwn(dependencies, name) ? [dependencies[name] as Json] : []));
    if (Array.isArray(dependency)) {
      const writtenNames = new Set<Json>([
        ...alwaysWritten,
        ...written.flatMap((item) => (Array.isArray(item) ? item : [])),
      ]);
      return dependency.every((other) => writtenNames.has(other));
    }
    const writtenSchemas = written.filter((item) => !Array.isArray(item)) as JsonSchema[];
    return accepts(dependency as JsonSchema, [...writers, ...writtenSchemas]);
  });
}

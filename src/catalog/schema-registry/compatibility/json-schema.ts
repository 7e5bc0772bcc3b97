// JSON Schema: whether a reader's schema allows every document that the writer's allows.
import type { JsonSchema, JsonSchemaDocument } from '../definition/json-schema.js';
import { isObject, type Json, type JsonObject } from '../definition/json-text.js';
import { acceptsArrays } from './json-arrays.js';
import { acceptsObjects } from './json-objects.js';
import { acceptsNumbers, acceptsStrings } from './json-scalars.js';
import { allowsValue, typeOf, typesNamed, type JsonType } from './json-value.js';
import { greatestRelation, type Pairs } from './pairs.js';

/** Schemas that all hold. */
export type Conjunction = readonly JsonObject[];

/** `reader` allows every document that all of `writers` allow. */
export type Accepts = (reader: JsonSchema, writers: readonly JsonSchema[]) => boolean;

/**
 * Comparisons after which two schemas count as incompatible: alternatives within alternatives multiply.
 */
const COMPARISONS_MAX = 100_000;

/**
 * Schemas are compared keyword by keyword, as AWS documents by examples: a property may be added where the writer allows
 * no other properties, and dropped where the reader does; a required one may be added when it has a default. `format` and
 * annotations are not compared. Where keywords cannot be compared (two patterns, say) only equal ones are compatible.
 */
export function canReadJsonSchema(reader: JsonSchemaDocument, writer: JsonSchemaDocument): boolean {
  const documents = new Map<JsonObject, JsonSchemaDocument>();
  for (const document of [reader, writer]) registerObjects(document.root, document, documents);
  let comparisonCount = 0;
  const mayCompare = () => ++comparisonCount <= COMPARISONS_MAX;
  const identities = new Map<JsonObject, number>();
  const rests = new Map<string, JsonObject>();
  const isAccepted = greatestRelation<string>((pairs) =>
    new Containment(pairs, documents, identities, rests, mayCompare).accepts(reader.root, [writer.root]),
  );
  return isAccepted && comparisonCount <= COMPARISONS_MAX;
}

function registerObjects(
  value: Json,
  document: JsonSchemaDocument,
  documents: Map<JsonObject, JsonSchemaDocument>,
): void {
  if (typeof value !== 'object' || value === null) return;
  if (isObject(value)) documents.set(value, document);
  for (const item of Object.values(value)) registerObjects(item, document, documents);
}

const SUMS = ['anyOf', 'oneOf'] as const;

class Containment {
  constructor(
    private readonly pairs: Pairs<string>,
    private readonly documents: Map<JsonObject, JsonSchemaDocument>,
    private readonly identities: Map<JsonObject, number>,
    private readonly rests: Map<string, JsonObject>,
    private readonly mayCompare: () => boolean,
  ) {}

  readonly accepts: Accepts = (reader, writers) => {
    const conjunction = this.conjunctionOf(writers);
    if (conjunction === undefined) return true;
    if (typeof reader === 'boolean') return reader || typesOf(conjunction).length === 0;
    const identities = conjunction.map((writer) => this.identityOf(writer)).sort((a, b) => a - b);
    return this.pairs.holds(
      `${this.identityOf(reader)} ${[...new Set(identities)].join()}`,
      () =>
        this.mayCompare() &&
        (this.acceptsWhole(reader, conjunction) || this.acceptsAlternatives(reader, conjunction)),
    );
  };

  private identityOf(schema: JsonObject): number {
    const identity = this.identities.get(schema) ?? this.identities.size;
    this.identities.set(schema, identity);
    return identity;
  }

  private readonly resolve = (reference: JsonObject): JsonSchema | undefined =>
    this.documents.get(reference)?.resolve(reference.$ref as string);

  private allows(schema: JsonSchema, value: Json): boolean {
    return allowsValue(schema, value, this.resolve, this.mayCompare);
  }

  // References followed and allOf taken apart; undefined when nothing is allowed.
  private conjunctionOf(schemas: readonly JsonSchema[]): Conjunction | undefined {
    const found: JsonObject[] = [];
    const seen = new Set<JsonSchema>();
    const pending = [...schemas];
    for (let schema = pending.shift(); schema !== undefined; schema = pending.shift()) {
      if (schema === false) return undefined;
      if (schema === true || seen.has(schema)) continue;
      seen.add(schema);
      const target = schema.$ref === undefined ? undefined : this.resolve(schema);
      if (target !== undefined) {
        pending.push(target);
        continue;
      }
      const parts = schema.$ref === undefined ? (schema.allOf as JsonSchema[] | undefined) : undefined;
      // Without its parts, so that they are not taken apart again when one of them has been replaced.
      found.push(parts ? this.without(schema, 'allOf') : schema);
      pending.push(...(parts ?? []));
    }
    return found;
  }

  private acceptsWhole(reader: JsonObject, writers: Conjunction): boolean {
    if (reader.$ref !== undefined) {
      const target = this.resolve(reader);
      if (target !== undefined) return this.accepts(target, writers);
      // Another document: known by its name only.
      return writers.some((writer) => writer.$ref === reader.$ref);
    }
    const types = typesOf(writers);
    if (types.length === 0) return true;
    const values = valuesOf(writers, types);
    if (values) {
      const isWritten = (value: Json) => writers.every((writer) => this.allows(writer, value));
      return values.every((value) => !isWritten(value) || this.allows(reader, value));
    }
    if (reader.enum !== undefined || reader.const !== undefined) return false;
    const allowed = typesNamed(reader.type);
    return (
      types.every((type) => allowed.includes(type)) &&
      ((reader.allOf ?? []) as JsonSchema[]).every((branch) => this.accepts(branch, writers)) &&
      SUMS.every(
        (sum) => reader[sum] === undefined || this.acceptsSum(reader[sum] as JsonSchema[], writers, types),
      ) &&
      (reader.not === undefined || this.acceptsNot(reader.not as JsonSchema, writers, types)) &&
      (reader.if === undefined || this.acceptsCondition(reader, writers)) &&
      (!(types.includes('integer') || types.includes('fraction')) ||
        acceptsNumbers(reader, writers, types)) &&
      (!types.includes('string') || acceptsStrings(reader, writers)) &&
      (!types.includes('array') || acceptsArrays(reader, writers, this.accepts)) &&
      (!types.includes('object') || acceptsObjects(reader, writers, this.accepts))
    );
  }

  // One branch for all that is written, or one for each type.
  private acceptsSum(
    branches: readonly JsonSchema[],
    writers: Conjunction,
    types: readonly JsonType[],
  ): boolean {
    const acceptsIn = (conjunction: Conjunction) =>
      branches.some((branch) => this.accepts(branch, conjunction));
    return (
      acceptsIn(writers) ||
      (types.length > 1 && types.every((type) => acceptsIn([...writers, ONLY_TYPE[type]])))
    );
  }

  private acceptsNot(refused: JsonSchema, writers: Conjunction, types: readonly JsonType[]): boolean {
    if (refused === false) return true;
    const refusedTypes = typesOf(this.conjunctionOf([refused]) ?? []);
    return (
      types.every((type) => !refusedTypes.includes(type)) ||
      writers.some((writer) => writer.not !== undefined && this.accepts(writer.not as JsonSchema, [refused]))
    );
  }

  private acceptsCondition(reader: JsonObject, writers: Conjunction): boolean {
    const { then = true, else: otherwise = true } = reader as Record<string, JsonSchema>;
    const condition = reader.if as JsonSchema;
    const isSameCondition = (other: JsonSchema) =>
      this.accepts(condition, [other]) && this.accepts(other, [condition]);
    return (
      (this.accepts(then, writers) && this.accepts(otherwise, writers)) ||
      writers.some(
        (writer) =>
          writer.if !== undefined &&
          isSameCondition(writer.if as JsonSchema) &&
          this.accepts(then, [...writers, (writer.then ?? true) as JsonSchema]) &&
          this.accepts(otherwise, [...writers, (writer.else ?? true) as JsonSchema]),
      )
    );
  }

  // What is written is one of the writer's alternatives: each may be accepted for a reason of its own.
  private acceptsAlternatives(reader: JsonObject, writers: Conjunction): boolean {
    for (const writer of writers) {
      const sum = SUMS.find((keyword) => writer[keyword] !== undefined);
      if (sum === undefined) continue;
      const others = [...writers.filter((other) => other !== writer), this.without(writer, sum)];
      return (writer[sum] as JsonSchema[]).every((branch) => this.accepts(reader, [...others, branch]));
    }
    return false;
  }

  private without(schema: JsonObject, keyword: string): JsonObject {
    const key = `${keyword} ${this.identityOf(schema)}`;
    let rest = this.rests.get(key);
    if (!rest) {
      rest = Object.fromEntries(Object.entries(schema).filter(([name]) => name !== keyword));
      this.rests.set(key, rest);
    }
    return rest;
  }
}

const ONLY_TYPE: Record<JsonType, JsonObject> = {
  null: { type: 'null' },
  boolean: { type: 'boolean' },
  object: { type: 'object' },
  array: { type: 'array' },
  string: { type: 'string' },
  integer: { type: 'integer' },
  fraction: { type: 'fraction' },
};

function typesOf(schemas: Conjunction): JsonType[] {
  return schemas.reduce<JsonType[]>((types, schema) => {
    const own = listedValues(schema)?.map(typeOf) ?? typesNamed(schema.type);
    return types.filter((type) => own.includes(type));
  }, typesNamed(undefined));
}

function listedValues(schema: JsonObject): Json[] | undefined {
  return schema.const !== undefined ? [schema.const] : (schema.enum as Json[] | undefined);
}

// Every value that may be written, when they can be listed.
function valuesOf(writers: Conjunction, types: readonly JsonType[]): Json[] | undefined {
  const listed = writers.map(listedValues).find((values) => values !== undefined);
  if (listed) return listed;
  if (!types.every((type) => type === 'null' || type === 'boolean')) return undefined;
  return types.flatMap((type): Json[] => (type === 'null' ? [null] : [true, false]));
}

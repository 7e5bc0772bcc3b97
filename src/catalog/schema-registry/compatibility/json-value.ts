// JSON Schema: whether a schema allows one value. For values that a definition itself lists, in `enum` and `const`.
import { canonicalJson, isObject, type Json, type JsonObject } from '../definition/json-text.js';
import { regularExpression, type JsonSchema } from '../definition/json-schema.js';

export type JsonType = 'null' | 'boolean' | 'object' | 'array' | 'string' | 'integer' | 'fraction';

/** `number` is both integers and fractions, so that types are sets that can be intersected. */
export function typeOf(value: Json): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction';
  return typeof value as 'boolean' | 'object' | 'string';
}

export function typesNamed(names: Json | undefined): JsonType[] {
  if (names === undefined) return ['null', 'boolean', 'object', 'array', 'string', 'integer', 'fraction'];
  return (Array.isArray(names) ? names : [names]).flatMap((name) =>
    name === 'number' ? (['integer', 'fraction'] as const) : [name as JsonType],
  );
}

const isSameJson = (a: Json, b: Json) => canonicalJson(a) === canonicalJson(b);

/**
 * `resolve` gives what a `$ref` names; a value is taken to be allowed by one that cannot be resolved. Nothing is allowed once
 * `mayCompare` says no.
 */
export function allowsValue(
  schema: JsonSchema,
  value: Json,
  resolve: (reference: JsonObject) => JsonSchema | undefined,
  mayCompare: () => boolean,
  depth = 0,
): boolean {
  if (typeof schema === 'boolean') return schema;
  if (!mayCompare()) return false;
  const allows = (inner: Json, item: Json) =>
    allowsValue(inner as JsonSchema, item, resolve, mayCompare, depth + 1);
  if (schema.$ref !== undefined) {
    const target = resolve(schema);
    // A chain of references that names nothing but itself.
    return target === undefined || depth > REFERENCES_MAX || allows(target, value);
  }
  const list = (keyword: string) => (schema[keyword] ?? []) as Json[];
  return (
    typesNamed(schema.type).includes(typeOf(value)) &&
    (schema.enum === undefined || list('enum').some((item) => isSameJson(item, value))) &&
    (schema.const === undefined || isSameJson(schema.const, value)) &&
    list('allOf').every((branch) => allows(branch, value)) &&
    (schema.anyOf === undefined || list('anyOf').some((branch) => allows(branch, value))) &&
    (schema.oneOf === undefined || list('oneOf').filter((branch) => allows(branch, value)).length === 1) &&
    (schema.not === undefined || !allows(schema.not, value)) &&
    (schema.if === undefined ||
      allows((allows(schema.if, value) ? schema.then : schema.else) ?? true, value)) &&
    (typeof value !== 'number' || allowsNumber(schema, value)) &&
    (typeof value !== 'string' || allowsString(schema, value)) &&
    (!Array.isArray(value) || allowsArray(schema, value, allows)) &&
    (!isObject(value) || allowsObject(schema, value, allows))
  );
}

const REFERENCES_MAX = 1000;

type Allows = (schema: Json, value: Json) => boolean;

export interface Bound {
  value: number;
  isExclusive: boolean;
}

/** The lower or upper bound on numbers, of draft-04's pair of keywords or of later drafts' two numbers. */
export function boundOf(schema: JsonObject, side: 'Minimum' | 'Maximum'): Bound | undefined {
  const exclusive = schema[`exclusive${side}`];
  const inclusive = schema[side.toLowerCase()];
  const bounds: Bound[] = [];
  if (typeof inclusive === 'number') bounds.push({ value: inclusive, isExclusive: exclusive === true });
  if (typeof exclusive === 'number') bounds.push({ value: exclusive, isExclusive: true });
  return bounds.reduce<Bound | undefined>((a, b) => (a && isTighter(a, b, side) ? a : b), undefined);
}

/** True when `a` allows nothing that `b` does not. */
export function isTighter(a: Bound, b: Bound, side: 'Minimum' | 'Maximum'): boolean {
  if (a.value === b.value) return a.isExclusive || !b.isExclusive;
  return side === 'Minimum' ? a.value > b.value : a.value < b.value;
}

export function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  // 0.3 is a multiple of 0.1, whatever binary fractions say.
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

function allowsNumber(schema: JsonObject, value: number): boolean {
  const at = { value, isExclusive: false };
  const [minimum, maximum] = [boundOf(schema, 'Minimum'), boundOf(schema, 'Maximum')];
  return (
    (!minimum || isTighter(at, minimum, 'Minimum')) &&
    (!maximum || isTighter(at, maximum, 'Maximum')) &&
    (schema.multipleOf === undefined || isMultiple(value, schema.multipleOf as number))
  );
}

function allowsString(schema: JsonObject, value: string): boolean {
  const length = [...value].length;
  return (
    length >= ((schema.minLength as number | undefined) ?? 0) &&
    length <= ((schema.maxLength as number | undefined) ?? Infinity) &&
    (schema.pattern === undefined || regularExpression(schema.pattern as string)?.test(value) === true)
  );
}

function allowsArray(schema: JsonObject, value: Json[], allows: Allows): boolean {
  return (
    value.length >= ((schema.minItems as number | undefined) ?? 0) &&
    value.length <= ((schema.maxItems as number | undefined) ?? Infinity) &&
    (schema.uniqueItems !== true || new Set(value.map(canonicalJson)).size === value.length) &&
    value.every((item, index) => allows(itemSchema(schema, index), item)) &&
    (schema.contains === undefined || value.some((item) => allows(schema.contains as Json, item)))
  );
}

function allowsObject(schema: JsonObject, value: JsonObject, allows: Allows): boolean {
  const names = Object.keys(value);
  return (
    names.length >= ((schema.minProperties as number | undefined) ?? 0) &&
    names.length <= ((schema.maxProperties as number | undefined) ?? Infinity) &&
    ((schema.required ?? []) as string[]).every((name) => Object.hasOwn(value, name)) &&
    names.every(
      (name) =>
        propertySchemas(schema, name).every((inner) => allows(inner, value[name] as Json)) &&
        (schema.propertyNames === undefined || allows(schema.propertyNames, name)),
    ) &&
    Object.entries((schema.dependencies ?? {}) as JsonObject).every(
      ([name, dependency]) =>
        !Object.hasOwn(value, name) ||
        (Array.isArray(dependency)
          ? dependency.every((other) => Object.hasOwn(value, other as string))
          : allows(dependency, value)),
    )
  );
}

/** What the schema says of the item at `index`. */
export function itemSchema(schema: JsonObject, index: number): JsonSchema {
  const { items = true, additionalItems = true } = schema;
  if (!Array.isArray(items)) return items as JsonSchema;
  return (items[index] ?? additionalItems) as JsonSchema;
}

/** What the schema says of the property `name`: by its name, by patterns, otherwise as an additional one. */
export function propertySchemas(schema: JsonObject, name: string): JsonSchema[] {
  const {
    properties = {},
    patternProperties = {},
    additionalProperties = true,
  } = schema as Record<string, JsonObject>;
  const found = Object.hasOwn(properties, name) ? [properties[name]] : [];
  for (const [pattern, inner] of Object.entries(patternProperties)) {
    if (regularExpression(pattern)?.test(name)) found.push(inner);
  }
  return (found.length > 0 ? found : [additionalProperties]) as JsonSchema[];
}

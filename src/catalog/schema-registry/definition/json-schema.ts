// JSON Schema definitions, draft-04, draft-06 and draft-07: checked for what their keywords may hold, references resolved.
import { DefinitionError } from './definition-error.js';
import { isObject, parseJson, type Json, type JsonObject } from './json-text.js';

export type JsonSchema = boolean | JsonObject;

export interface JsonSchemaDocument {
  root: JsonSchema;
  /** What `$ref` names, for every reference into this document; one to another document is not in it. */
  resolve(reference: string): JsonSchema | undefined;
}

/** AWS docs: the drafts that the registry supports. A definition that names none is taken for the newest. */
const DRAFTS = /^https?:\/\/json-schema\.org\/(draft-0[467]\/)?schema#?$/;

/** @throws DefinitionError */
export function parseJsonSchema(text: string): JsonSchemaDocument {
  const root = parseJson(text);
  if (!isSchema(root)) throw new DefinitionError('#: expected type: one of JsonObject or Boolean');
  const draft = isObject(root) ? root.$schema : undefined;
  if (draft !== undefined && (typeof draft !== 'string' || !DRAFTS.test(draft))) {
    throw new DefinitionError(
      `#: could not determine version: $schema is ${JSON.stringify(draft)}, known are draft-04, draft-06 and draft-07`,
    );
  }
  const document = documentOf(root);
  checkSchema(root, '#', document);
  return document;
}

function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'boolean' || isObject(value);
}

function documentOf(root: JsonSchema): JsonSchemaDocument {
  const byId = new Map<string, JsonSchema>();
  indexIds(root, byId);
  return {
    root,
    resolve(reference) {
      if (reference === '#') return root;
      if (reference.startsWith('#/')) return atPointer(root, reference.slice(1));
      return byId.get(reference);
    },
  };
}

function indexIds(value: Json, byId: Map<string, JsonSchema>): void {
  if (Array.isArray(value)) value.forEach((item) => indexIds(item, byId));
  if (!isObject(value)) return;
  for (const id of [value.$id, value.id]) if (typeof id === 'string') byId.set(id, value);
  Object.values(value).forEach((item) => indexIds(item, byId));
}

function atPointer(root: JsonSchema, pointer: string): JsonSchema | undefined {
  let value: Json | undefined = root;
  for (const step of pointer.split('/').slice(1)) {
    const name = unescapeStep(step);
    if (name === undefined || typeof value !== 'object' || value === null) return undefined;
    value = Array.isArray(value) ? value[Number(name)] : Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return isSchema(value) ? value : undefined;
}

function unescapeStep(step: string): string | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(step)) return undefined;
  return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
}

type Check = (value: Json, at: string, document: JsonSchemaDocument) => void;

function fail(at: string, expected: string): never {
  throw new DefinitionError(`${at}: expected ${expected}`);
}

const schema: Check = (value, at, document) => {
  if (!isSchema(value)) fail(at, 'a schema: an object or a boolean');
  checkSchema(value, at, document);
};

const listOf =
  (check: Check, countMin = 0): Check =>
  (value, at, document) => {
    if (!Array.isArray(value) || value.length < countMin)
      fail(at, `an array${countMin > 0 ? ' that is not empty' : ''}`);
    value.forEach((item, index) => check(item, `${at}/${index}`, document));
  };

const mapOf =
  (check: Check): Check =>
  (value, at, document) => {
    if (!isObject(value)) fail(at, 'an object');
    for (const [name, item] of Object.entries(value)) check(item, `${at}/${name}`, document);
  };

const eitherOf =
  (isFirst: (value: Json) => boolean, first: Check, second: Check): Check =>
  (value, at, document) =>
    (isFirst(value) ? first : second)(value, at, document);

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

const string: Check = (value, at) => void (typeof value === 'string' || fail(at, 'a string'));
const boolean: Check = (value, at) => void (typeof value === 'boolean' || fail(at, 'a boolean'));
const number: Check = (value, at) => void (typeof value === 'number' || fail(at, 'a number'));
const count: Check = (value, at) =>
  void ((Number.isInteger(value) && (value as number) >= 0) || fail(at, 'a whole number from 0'));
const positive: Check = (value, at) =>
  void ((typeof value === 'number' && value > 0) || fail(at, 'a number above 0'));
const typeName: Check = (value, at) =>
  void (TYPES.includes(value as string) || fail(at, `one of the types ${TYPES.join(', ')}`));
const pattern: Check = (value, at) =>
  void ((typeof value === 'string' && regularExpression(value)) || fail(at, 'a regular expression'));
const reference: Check = (value, at, document) => {
  if (typeof value !== 'string') fail(at, 'a string');
  if (value.startsWith('#') && document.resolve(value) === undefined) {
    throw new DefinitionError(`${at}: failed to resolve ${value} in this definition`);
  }
};
const patterned: Check = (value, at, document) => {
  if (!isObject(value)) fail(at, 'an object');
  for (const name of Object.keys(value)) pattern(name, at, document);
  mapOf(schema)(value, at, document);
};

const KEYWORDS: Record<string, Check> = {
  $ref: reference,
  type: eitherOf(Array.isArray, listOf(typeName, 1), typeName),
  enum: listOf(() => {}),
  title: string,
  description: string,
  format: string,
  properties: mapOf(schema),
  patternProperties: patterned,
  additionalProperties: schema,
  propertyNames: schema,
  required: listOf(string),
  minProperties: count,
  maxProperties: count,
  dependencies: mapOf(eitherOf(Array.isArray, listOf(string), schema)),
  definitions: mapOf(schema),
  items: eitherOf(Array.isArray, listOf(schema), schema),
  additionalItems: schema,
  contains: schema,
  minItems: count,
  maxItems: count,
  uniqueItems: boolean,
  minLength: count,
  maxLength: count,
  pattern,
  minimum: number,
  maximum: number,
  // A boolean beside minimum or maximum in draft-04, a number of its own since draft-06.
  exclusiveMinimum: eitherOf((value) => typeof value === 'boolean', boolean, number),
  exclusiveMaximum: eitherOf((value) => typeof value === 'boolean', boolean, number),
  multipleOf: positive,
  allOf: listOf(schema, 1),
  anyOf: listOf(schema, 1),
  oneOf: listOf(schema, 1),
  not: schema,
  if: schema,
  then: schema,
  else: schema,
};

function checkSchema(value: JsonSchema, at: string, document: JsonSchemaDocument): void {
  if (typeof value === 'boolean') return;
  for (const [keyword, item] of Object.entries(value)) {
    // Other keywords are annotations.
    if (Object.hasOwn(KEYWORDS, keyword)) KEYWORDS[keyword]?.(item, `${at}/${keyword}`, document);
  }
}

/** Undefined for what is not one. Patterns are ECMA 262 without anchors, as JSON Schema says. */
export function regularExpression(source: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags);
    } catch (error) {
      // Patterns written for other languages often hold escapes that only the mode without u allows.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

// The one place that reads the AWS SDK's runtime schemas: shapes that the rest of the wire can walk.
//
// The SDK promises NormalizedSchema; that a structure's required members come first, and how many there are, is read
// from the static schema itself. Versions of the SDK are pinned, and a round trip of every operation guards upgrades.
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';

export type TimestampFormat = 'epoch-seconds' | 'date-time' | 'http-date';

export type Shape =
  | { kind: 'string' | 'boolean' | 'number' | 'document' }
  | { kind: 'blob'; isStreaming: boolean }
  | { kind: 'timestamp'; format: TimestampFormat | undefined }
  | { kind: 'list'; item: Member }
  | { kind: 'map'; key: Member; value: Member }
  | StructShape;

export interface StructShape {
  kind: 'struct';
  /** As the model names it, e.g. `CreateTableRequest`. */
  name: string;
  /** Exactly one member is there. */
  isUnion: boolean;
  traits: Traits;
  members: readonly Member[];
}

export interface Member {
  /** As the SDK spells it; '' for the item of a list. */
  name: string;
  isRequired: boolean;
  traits: Traits;
  shape: Shape;
}

export interface Traits {
  httpLabel?: boolean;
  httpPayload?: boolean;
  httpResponseCode?: boolean;
  httpQueryParams?: boolean;
  httpHeader?: string;
  httpQuery?: string;
  httpPrefixHeaders?: string;
  xmlName?: string;
  xmlFlattened?: boolean;
  xmlAttribute?: boolean;
  /** Of a union: its members come one after the other, as an event stream. */
  streaming?: boolean;
}

export interface OperationShape {
  name: string;
  input: StructShape;
  output: StructShape;
  http: { method: string; uri: string; statusCode: number };
}

export interface ErrorShape extends StructShape {
  statusCode: number | undefined;
  /** The code of a Query protocol error, where it differs from the name. */
  queryCode: string | undefined;
}

/** The operation's shape, or undefined when the client's model has no such operation. */
export function operationShape(client: object, name: string): OperationShape | undefined {
  const schema = (client as Record<string, unknown>)[`${name}$`];
  if (!Array.isArray(schema) || schema[0] !== 9) return undefined;
  const [, , , traits, input, output] = schema as [number, string, string, unknown, unknown, unknown];
  const http = (traits as { http?: [string, string, number] } | 0) || {};
  const [method, uri, statusCode] = http.http ?? ['POST', '/', 200];
  return {
    name,
    input: structShape(input as SchemaRef),
    output: structShape(output as SchemaRef),
    http: { method, uri, statusCode },
  };
}

/** Every operation that the client's model knows. */
export function operationNames(client: object): string[] {
  return Object.entries(client)
    .filter(([name, schema]) => name.endsWith('$') && Array.isArray(schema) && schema[0] === 9)
    .map(([name]) => name.slice(0, -1));
}

/** The shape of a modelled error, or undefined when the model does not know it. */
export function errorShape(client: object, name: string): ErrorShape | undefined {
  const schema = (client as Record<string, unknown>)[`${name}$`];
  if (!Array.isArray(schema) || schema[0] !== -3) return undefined;
  const traits = schema[3] as { httpError?: number; awsQueryError?: [string, number] } | 0;
  const { httpError, awsQueryError } = traits || {};
  return {
    ...structShape(schema as unknown as SchemaRef),
    statusCode: awsQueryError?.[1] ?? httpError,
    queryCode: awsQueryError?.[0],
  };
}

const structs = new WeakMap<object, StructShape>();
const EMPTY: StructShape = { kind: 'struct', name: '', isUnion: false, traits: {}, members: [] };

function structShape(ref: SchemaRef): StructShape {
  const schema = NormalizedSchema.of(ref);
  const key = schema.getSchema();
  // An operation without input or output has the unit schema, which is no structure.
  if (!Array.isArray(key)) return EMPTY;
  const known = structs.get(key);
  if (known) return known;
  const shape: StructShape = {
    kind: 'struct',
    name: schema.getName() ?? '',
    isUnion: schema.isUnionSchema(),
    traits: schema.getOwnTraits() as Traits,
    members: [],
  };
  structs.set(key, shape);
  const requiredCount = key[6] ?? 0;
  // Filled in after the shape is known, because structures contain themselves.
  shape.members = [...schema.structIterator()].map(([name, member], index) =>
    memberOf(name, member, index < requiredCount),
  );
  return shape;
}

function memberOf(name: string, schema: NormalizedSchema, isRequired: boolean): Member {
  return { name, isRequired, traits: schema.getMergedTraits() as Traits, shape: shapeOf(schema) };
}

const TIMESTAMP_FORMATS: Record<number, TimestampFormat> = {
  5: 'date-time',
  6: 'http-date',
  7: 'epoch-seconds',
};

function shapeOf(schema: NormalizedSchema): Shape {
  if (schema.isStructSchema()) return structShape(schema.getSchema());
  if (schema.isListSchema()) return { kind: 'list', item: memberOf('', schema.getValueSchema(), false) };
  if (schema.isMapSchema()) {
    return {
      kind: 'map',
      key: memberOf('', schema.getKeySchema(), true),
      value: memberOf('', schema.getValueSchema(), true),
    };
  }
  if (schema.isBlobSchema()) return { kind: 'blob', isStreaming: schema.isStreaming() };
  if (schema.isTimestampSchema()) {
    return { kind: 'timestamp', format: TIMESTAMP_FORMATS[schema.getSchema() as number] };
  }
  if (schema.isBooleanSchema()) return { kind: 'boolean' };
  if (schema.isNumericSchema()) return { kind: 'number' };
  if (schema.isStringSchema()) return { kind: 'string' };
  return { kind: 'document' };
}

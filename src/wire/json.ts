// AWS JSON: decoders and encoders compiled once for each shape.
import { BODY_DEPTH_MAX } from '../base/limits.js';
import { AwsError } from './aws-error.js';
import { memberStep, placeText, type Place } from './place.js';
import { onceForRepeated, parseRepeatedJson } from './repeated-json.js';
import type { Shape, StructShape } from './schema.js';
import { EncodedJson } from './service.js';

/** `step` leads from `parent` to the value; undefined for the whole body. */
type Decoder = (
  value: unknown,
  parent: Place | undefined,
  step: Place['step'] | undefined,
  depth: number,
) => unknown;
type Encoder = (value: unknown) => string;

const decoders = new WeakMap<Shape, Decoder>();
const encoders = new WeakMap<Shape, Encoder>();

/**
 * The SDK's form of a JSON request body: Dates for timestamps, bytes for blobs; null and unknown members left out.
 * @throws AwsError SerializationException naming the member whose JSON type is wrong
 */
export function decodeJson(shape: StructShape, body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = parseRepeatedJson(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
  } catch (error) {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.', { cause: error });
  }
  return decoderOf(shape)(value, undefined, undefined, 0) as Record<string, unknown>;
}

/** JSON text of an operation's output; members that are absent or null are left out. */
export function encodeJson(shape: Shape, value: unknown): string {
  return encoderOf(shape)(value);
}

function decoderOf(shape: Shape): Decoder {
  let decoder = decoders.get(shape);
  if (!decoder) decoders.set(shape, (decoder = compileDecoder(shape)));
  return decoder;
}

function compileDecoder(shape: Shape): Decoder {
  switch (shape.kind) {
    case 'string':
      return (value, parent, step) =>
        typeof value === 'string' ? value : wrongType(value, 'String', parent, step);
    case 'boolean':
      return (value, parent, step) =>
        typeof value === 'boolean' ? value : wrongType(value, 'Boolean', parent, step);
    case 'number':
      return (value, parent, step) =>
        typeof value === 'number' ? value : decodeNumberText(value, parent, step);
    case 'document':
      return (value) => value;
    case 'blob':
      return (value, parent, step) =>
        typeof value === 'string'
          ? new Uint8Array(Buffer.from(value, 'base64'))
          : wrongType(value, 'Blob', parent, step);
    case 'timestamp':
      return decodeTimestamp;
    case 'list': {
      const decoded = new WeakMap<object, unknown[]>();
      return (value, parent, step, depth) => {
        if (!Array.isArray(value)) return wrongType(value, 'List', parent, step);
        const decodeItem = decoderOf(shape.item.shape);
        const here = placeOf(parent, step);
        const below = deeper(depth, here);
        return onceForRepeated(decoded, value, () => {
          const items = value.includes(null) ? value.filter((item) => item !== null) : value;
          return items.map((item, index) => decodeItem(item, here, index, below));
        });
      };
    }
    case 'map':
      return (value, parent, step, depth) => {
        if (!isPlainObject(value)) return wrongType(value, 'Map', parent, step);
        const decodeValue = decoderOf(shape.value.shape);
        const here = placeOf(parent, step);
        const below = deeper(depth, here);
        // In place: most maps are of texts, and stay as they were parsed.
        for (const key of Object.keys(value)) {
          const item = value[key];
          const decoded = item === null ? undefined : decodeValue(item, here, key, below);
          if (decoded === undefined) Reflect.deleteProperty(value, key);
          else if (decoded !== item) value[key] = decoded;
        }
        return value;
      };
    case 'struct': {
      // Made when first used, because a structure may contain itself.
      let members: { name: string; step: string; decode: Decoder }[] | undefined;
      return (value, parent, step, depth) => {
        if (!isPlainObject(value)) return wrongType(value, 'Structure', parent, step);
        const here = placeOf(parent, step);
        const below = deeper(depth, here);
        const decoded: Record<string, unknown> = {};
        members ??= shape.members.map((member) => ({
          name: member.name,
          step: memberStep(member.name),
          decode: decoderOf(member.shape),
        }));
        for (const member of members) {
          const item = value[member.name];
          if (item === undefined || item === null) continue;
          decoded[member.name] = member.decode(item, here, member.step, below);
        }
        return decoded;
      };
    }
  }
}

function placeOf(parent: Place | undefined, step: Place['step'] | undefined): Place | undefined {
  return step === undefined ? undefined : { parent, step };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function deeper(depth: number, place: Place | undefined): number {
  if (depth >= BODY_DEPTH_MAX) {
    throw new AwsError(
      'SerializationException',
      `The request body is nested more than ${BODY_DEPTH_MAX} levels deep at '${placeText(place).slice(0, 120)}'.`,
    );
  }
  return depth + 1;
}

function wrongType(
  value: unknown,
  wanted: string,
  parent: Place | undefined,
  step: Place['step'] | undefined,
): never {
  const given = Array.isArray(value)
    ? 'a list'
    : isPlainObject(value)
      ? 'a structure'
      : JSON.stringify(value);
  throw new AwsError(
    'SerializationException',
    `'${placeText(placeOf(parent, step)) || 'body'}' must be a ${wanted}, not ${given.slice(0, 200)}.`,
  );
}

function decodeNumberText(
  value: unknown,
  parent: Place | undefined,
  step: Place['step'] | undefined,
): number {
  if (value === 'NaN') return NaN;
  if (value === 'Infinity') return Infinity;
  if (value === '-Infinity') return -Infinity;
  return wrongType(value, 'Number', parent, step);
}

// A client may send seconds since the epoch or ISO text; AWS reads both.
const decodeTimestamp: Decoder = (value, parent, step) => {
  const date = new Date(typeof value === 'number' ? value * 1000 : typeof value === 'string' ? value : NaN);
  return Number.isNaN(date.getTime()) ? wrongType(value, 'Timestamp', parent, step) : date;
};

function encoderOf(shape: Shape): Encoder {
  let encoder = encoders.get(shape);
  if (!encoder) encoders.set(shape, (encoder = compileEncoder(shape)));
  return encoder;
}

function compileEncoder(shape: Shape): Encoder {
  switch (shape.kind) {
    case 'string':
    case 'boolean':
    case 'document':
      return (value) => JSON.stringify(value);
    case 'number':
      return (value) => (Number.isFinite(value) ? String(value) : `"${String(value)}"`);
    case 'blob':
      return (value) => `"${Buffer.from(value as Uint8Array).toString('base64')}"`;
    case 'timestamp':
      return (value) =>
        shape.format === 'date-time'
          ? JSON.stringify((value as Date).toISOString())
          : String((value as Date).getTime() / 1000);
    case 'list':
      return (value) => {
        const encodeItem = encoderOf(shape.item.shape);
        return `[${(value as unknown[]).map((item) => (isAbsent(item) ? 'null' : encodeItem(item))).join(',')}]`;
      };
    case 'map':
      return (value) => {
        const encodeValue = encoderOf(shape.value.shape);
        const entries = Object.entries(value as object).filter(([, item]) => !isAbsent(item));
        return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${encodeValue(item)}`).join(',')}}`;
      };
    case 'struct': {
      const labels = shape.members.map((member) => `${JSON.stringify(member.name)}:`);
      return (value) => {
        if (value instanceof EncodedJson) return value.text;
        const source = value as Record<string, unknown>;
        let text = '';
        for (const [index, member] of shape.members.entries()) {
          const item = source[member.name];
          if (isAbsent(item)) continue;
          text += `${text === '' ? '' : ','}${labels[index] as string}${encoderOf(member.shape)(item)}`;
        }
        return `{${text}}`;
      };
    }
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

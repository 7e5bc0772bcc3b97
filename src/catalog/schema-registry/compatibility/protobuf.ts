// Protocol Buffers: whether programs made from a reader's definition understand messages of the writer's.
import type {
  ProtobufField,
  ProtobufFile,
  ProtobufMessage,
  ProtobufMethod,
  ProtobufType,
} from '../definition/protobuf.js';

/**
 * Fields are matched by number, as on the wire. AWS docs: a required field may be dropped but not added, and methods of
 * services may be added but not dropped. The reader must know every message of the writer, may change a type only within
 * one wire encoding, must not give a number or name that the writer reserves to a field, and must not gather fields into a
 * `oneof`, where setting one clears the others.
 */
export function canReadProtobuf(reader: ProtobufFile, writer: ProtobufFile): boolean {
  return (
    [...writer.messages].every(([name, written]) => {
      const message = reader.messages.get(name);
      return message !== undefined && readsMessage(message, written);
    }) && hasServices(reader, writer)
  );
}

function readsMessage(reader: ProtobufMessage, writer: ProtobufMessage): boolean {
  const writtenByNumber = new Map(writer.fields.map((field) => [field.number, field]));
  return (
    reader.fields.every((field) => {
      const written = writtenByNumber.get(field.number);
      return written ? readsField(field, written) : field.label !== 'required' && !isReserved(field, writer);
    }) && readsOneofs(reader, writer)
  );
}

function isReserved(field: ProtobufField, message: ProtobufMessage): boolean {
  return (
    message.reservedNumbers.some(([from, to]) => field.number >= from && field.number <= to) ||
    message.reservedNames.includes(field.name)
  );
}

function readsField(reader: ProtobufField, writer: ProtobufField): boolean {
  if (reader.label === 'required' && writer.label !== 'required') return false;
  if ((reader.label === 'map') !== (writer.label === 'map')) return false;
  if (reader.label === 'map' && !isSameEncoding(reader.keyType as string, writer.keyType as string))
    return false;
  // A list of texts or messages read as one gives the last; a list of numbers is packed, and is not one number.
  if ((reader.label === 'repeated') !== (writer.label === 'repeated') && isPackable(writer.type))
    return false;
  return isReadableType(reader.type, writer.type);
}

function isPackable(type: ProtobufType): boolean {
  return type.kind === 'enum' || (type.kind === 'scalar' && type.name !== 'string' && type.name !== 'bytes');
}

function isReadableType(reader: ProtobufType, writer: ProtobufType): boolean {
  if (reader.kind === writer.kind && reader.name === writer.name) return true;
  const [a, b] = [encodedAs(reader), encodedAs(writer)];
  return (
    a !== undefined &&
    b !== undefined &&
    isSameEncoding(a, b) &&
    !(reader.kind === 'enum' && writer.kind === 'enum')
  );
}

// Enums are written as int32.
function encodedAs(type: ProtobufType): string | undefined {
  if (type.kind === 'enum') return 'int32';
  return type.kind === 'scalar' ? type.name : undefined;
}

/** Protocol Buffers docs, "Updating A Message Type": types that may take each other's place. */
const ENCODINGS = [
  ['int32', 'uint32', 'int64', 'uint64', 'bool'],
  ['sint32', 'sint64'],
  ['string', 'bytes'],
  ['fixed32', 'sfixed32'],
  ['fixed64', 'sfixed64'],
];

function isSameEncoding(a: string, b: string): boolean {
  return a === b || ENCODINGS.some((names) => names.includes(a) && names.includes(b));
}

/**
 * Each `oneof` of the reader holds, of the writer's fields, either those of one `oneof` or a single other field; and a
 * field that the writer has in a `oneof` is not dropped, because the reader could not tell it from an unset one.
 */
function readsOneofs(reader: ProtobufMessage, writer: ProtobufMessage): boolean {
  const fields = new Map(reader.fields.map((field) => [field.number, field]));
  const sources = new Map<string, Set<string>>();
  for (const written of writer.fields) {
    const field = fields.get(written.number);
    if (!field && written.oneof !== undefined) return false;
    if (field?.oneof === undefined) continue;
    const source = written.oneof === undefined ? `field ${written.number}` : `oneof ${written.oneof}`;
    sources.set(field.oneof, (sources.get(field.oneof) ?? new Set()).add(source));
  }
  return [...sources.values()].every((found) => found.size === 1);
}

function hasServices(reader: ProtobufFile, writer: ProtobufFile): boolean {
  return [...writer.services].every(([name, methods]) => {
    const own = reader.services.get(name);
    return (
      own !== undefined &&
      [...methods].every(([methodName, written]) => {
        const method = own.get(methodName);
        return method !== undefined && isSameMethod(method, written);
      })
    );
  });
}

function isSameMethod(a: ProtobufMethod, b: ProtobufMethod): boolean {
  return (
    a.request.name === b.request.name &&
    a.response.name === b.response.name &&
    a.requestStream === b.requestStream &&
    a.responseStream === b.responseStream
  );
}

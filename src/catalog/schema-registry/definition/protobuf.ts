// Protocol Buffers definitions, proto2 and proto3: messages, enums and services by name, with types resolved.
import protobuf from 'protobufjs';
import { messageOf } from '../../../base/errors.js';
import { DefinitionError } from './definition-error.js';
import type { JsonObject } from './json-text.js';

/** A scalar by its name, a message or enum of this file by its name inside the package, or one that was imported. */
export interface ProtobufType {
  kind: 'scalar' | 'message' | 'enum' | 'imported';
  name: string;
}

export interface ProtobufField {
  name: string;
  number: number;
  label: 'required' | 'optional' | 'repeated' | 'map';
  /** Of a map, the type of its values. */
  type: ProtobufType;
  /** Of a map. */
  keyType?: string;
  /** The `oneof` that it is in; none for proto3's `optional`. */
  oneof?: string;
  comment?: string;
}

export interface ProtobufMessage {
  /** In the order of their numbers. */
  fields: ProtobufField[];
  reservedNumbers: [from: number, to: number][];
  reservedNames: string[];
}

export interface ProtobufMethod {
  request: ProtobufType;
  response: ProtobufType;
  requestStream: boolean;
  responseStream: boolean;
}

export interface ProtobufFile {
  /** By name inside the package, `Outer.Inner` when nested; in the order of the definition, outer before inner. */
  messages: Map<string, ProtobufMessage>;
  services: Map<string, Map<string, ProtobufMethod>>;
  /** The definition without comments and spaces. */
  content: JsonObject;
}

/** AWS docs: groups and extensions are not supported. The files that AWS's own libraries know may be imported. */
const IMPORTS = /^google\/(protobuf|type)\/[a-z_]+\.proto$/;
const SCALARS = new Set(Object.keys(protobuf.types.basic));
const NUMBER_MAX = 2 ** 29 - 1;
/** Protocol Buffers docs: numbers that its implementations keep for themselves. */
const NUMBERS_KEPT = { from: 19000, to: 19999 };

/** @throws DefinitionError */
export function parseProtobuf(text: string): ProtobufFile {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof DefinitionError) throw error;
    // The parser has no error class of its own; one that is nested too deeply ends with a RangeError.
    throw new DefinitionError(messageOf(error), { cause: error });
  }
}

function read(text: string): ProtobufFile {
  const syntax = syntaxOf(text);
  const parsed = protobuf.parse(text, new protobuf.Root(), { keepCase: true, alternateCommentMode: true });
  const imports = [...(parsed.imports ?? []), ...(parsed.weakImports ?? [])].sort();
  const foreign = imports.find((path) => !IMPORTS.test(path));
  if (foreign !== undefined) {
    throw new DefinitionError(
      `Import "${foreign}" is not supported: only google/protobuf and google/type are`,
    );
  }
  const packageName = parsed.package ?? '';
  const reader = new FileReader(packageName, syntax, imports.length > 0);
  const top = packageName === '' ? parsed.root : parsed.root.lookup(packageName);
  reader.namespace(top as protobuf.NamespaceBase, '');
  return {
    messages: reader.messages,
    services: reader.services,
    content: { syntax, package: packageName, imports, ...(parsed.root.toJSON() as JsonObject) },
  };
}

// The parser takes any syntax, and editions, without telling which.
function syntaxOf(text: string): string {
  const statement = /^(?:\s|\/\/[^\n]*(?:\n|$)|\/\*.*?\*\/)*(?:syntax|edition)\s*=\s*["']([^"']*)["']/s.exec(
    text,
  );
  const syntax = statement?.[1] ?? 'proto2';
  if (syntax !== 'proto2' && syntax !== 'proto3') {
    throw new DefinitionError(`Syntax "${syntax}" is not supported: it is proto2 or proto3`);
  }
  return syntax;
}

class FileReader {
  readonly messages: ProtobufFile['messages'] = new Map();
  readonly services: ProtobufFile['services'] = new Map();

  constructor(
    private readonly packageName: string,
    private readonly syntax: string,
    private readonly hasImports: boolean,
  ) {}

  namespace(namespace: protobuf.NamespaceBase, prefix: string): void {
    for (const item of namespace.nestedArray) {
      const name = `${prefix}${item.name}`;
      if (item instanceof protobuf.Type) {
        if ('group' in item && item.group === true)
          throw new DefinitionError(`Group ${name} is not supported`);
        if (item.extensions?.length) {
          throw new DefinitionError(`Extensions are not supported: message ${name} allows them`);
        }
        this.messages.set(name, this.message(item, name));
        this.namespace(item, `${name}.`);
      } else if (item instanceof protobuf.Enum) {
        this.checkEnum(item, name);
      } else if (item instanceof protobuf.Service) {
        this.services.set(name, this.service(item));
      } else if (item instanceof protobuf.Field) {
        throw new DefinitionError(`Extensions are not supported: ${name} is one`);
      }
    }
  }

  private message(type: protobuf.Type, name: string): ProtobufMessage {
    for (const field of type.fieldsArray) checkNumber(field, type, name);
    const reserved = type.reserved ?? [];
    return {
      fields: type.fieldsArray.map((field) => this.field(field, type)).sort((a, b) => a.number - b.number),
      reservedNumbers: reserved.filter((item): item is [number, number] => Array.isArray(item)),
      reservedNames: reserved.filter((item): item is string => typeof item === 'string'),
    };
  }

  private field(field: protobuf.Field, inside: protobuf.Type): ProtobufField {
    const keyType = field instanceof protobuf.MapField ? field.keyType : undefined;
    const oneof = field.partOf;
    const isProto3Optional = oneof?.name === `_${field.name}` && oneof.fieldsArray.length === 1;
    const label = field.rule === 'required' || field.rule === 'repeated' ? field.rule : 'optional';
    return {
      name: field.name,
      number: field.id,
      label: keyType === undefined ? label : 'map',
      type: this.type(field.type, inside),
      ...(keyType === undefined ? {} : { keyType }),
      ...(oneof && !isProto3Optional ? { oneof: oneof.name } : {}),
      ...(field.comment ? { comment: field.comment } : {}),
    };
  }

  private type(name: string, inside: protobuf.NamespaceBase): ProtobufType {
    if (SCALARS.has(name)) return { kind: 'scalar', name };
    const found = inside.lookup(name, [protobuf.Type, protobuf.Enum]);
    if (found) {
      const kind = found instanceof protobuf.Enum ? 'enum' : 'message';
      return { kind, name: this.nameInPackage(found.fullName.slice(1)) };
    }
    const imported = name.replace(/^\./, '');
    if (this.hasImports && /^google\.(protobuf|type)\.\w+$/.test(imported))
      return { kind: 'imported', name: imported };
    throw new DefinitionError(`Type "${name}" in ${inside.fullName.slice(1)} is not defined`);
  }

  private nameInPackage(fullName: string): string {
    return this.packageName === '' ? fullName : fullName.slice(this.packageName.length + 1);
  }

  private checkEnum(type: protobuf.Enum, name: string): void {
    const numbers = Object.values(type.values);
    if (numbers.length === 0) throw new DefinitionError(`Enum ${name} has no values`);
    if (this.syntax === 'proto3' && numbers[0] !== 0) {
      throw new DefinitionError(`The first value of enum ${name} is not zero, as it is in proto3`);
    }
  }

  private service(service: protobuf.Service): Map<string, ProtobufMethod> {
    return new Map(
      service.methodsArray.map((method) => [
        method.name,
        {
          request: this.type(method.requestType, service),
          response: this.type(method.responseType, service),
          requestStream: method.requestStream === true,
          responseStream: method.responseStream === true,
        },
      ]),
    );
  }
}

function checkNumber(field: protobuf.Field, type: protobuf.Type, messageName: string): void {
  const { id, name } = field;
  const at = `field ${name} of message ${messageName}`;
  if (id < 1 || id > NUMBER_MAX) {
    throw new DefinitionError(`Number ${id} of ${at} is out of range: it is from 1 to ${NUMBER_MAX}`);
  }
  if (id >= NUMBERS_KEPT.from && id <= NUMBERS_KEPT.to) {
    throw new DefinitionError(`Number ${id} of ${at} is kept for Protocol Buffers itself`);
  }
  if (type.isReservedId(id)) throw new DefinitionError(`Number ${id} of ${at} is reserved in it`);
  if (type.isReservedName(name)) throw new DefinitionError(`The name of ${at} is reserved in it`);
}

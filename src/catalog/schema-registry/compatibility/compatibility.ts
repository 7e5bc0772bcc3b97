// The compatibility modes: which versions a new definition is compared with, and who must be able to read whom.
import type { Compatibility } from '@aws-sdk/client-glue';
import type { SchemaDefinition } from '../definition/schema-definition.js';
import { canReadAvro } from './avro.js';
import { canReadJsonSchema } from './json-schema.js';
import { canReadProtobuf } from './protobuf.js';

type CheckedMode = Exclude<Compatibility, 'NONE' | 'DISABLED'>;

interface Mode {
  /** The new definition reads what was written with the older ones. */
  backward: boolean;
  /** The older ones read what is written with the new definition. */
  forward: boolean;
  /** Compared with every version from the checkpoint on, otherwise with the last one. */
  all: boolean;
}

const MODES: Record<CheckedMode, Mode> = {
  BACKWARD: { backward: true, forward: false, all: false },
  BACKWARD_ALL: { backward: true, forward: false, all: true },
  FORWARD: { backward: false, forward: true, all: false },
  FORWARD_ALL: { backward: false, forward: true, all: true },
  FULL: { backward: true, forward: true, all: false },
  FULL_ALL: { backward: true, forward: true, all: true },
};

/** `older`: definitions of the versions from the checkpoint on, the last one first. All have one data format. */
export function isCompatible(
  compatibility: Compatibility,
  definition: SchemaDefinition,
  older: Iterable<SchemaDefinition>,
): boolean {
  if (compatibility === 'NONE' || compatibility === 'DISABLED') return true;
  const mode = MODES[compatibility];
  for (const previous of older) {
    if (mode.backward && !canRead(definition, previous)) return false;
    if (mode.forward && !canRead(previous, definition)) return false;
    if (!mode.all) break;
  }
  return true;
}

/** Whether what is written with `writer` can be read with `reader`. */
export function canRead(reader: SchemaDefinition, writer: SchemaDefinition): boolean {
  if (reader.dataFormat === 'AVRO' && writer.dataFormat === 'AVRO')
    return canReadAvro(reader.schema, writer.schema);
  if (reader.dataFormat === 'JSON' && writer.dataFormat === 'JSON') {
    return canReadJsonSchema(reader.schema, writer.schema);
  }
  return (
    reader.dataFormat === 'PROTOBUF' &&
    writer.dataFormat === 'PROTOBUF' &&
    canReadProtobuf(reader.schema, writer.schema)
  );
}

// An Avro file's records as lines of JSON, which DuckDB reads: it has no reader of Avro that need not be fetched.
import { open } from 'node:fs/promises';
import avsc from 'avsc';
import { messageOf } from '../../base/errors.js';
import type { DuckdbType } from '../duckdb-type.js';
import { AvroError, openAvroContainer, type AvroContainer } from './avro-container.js';
import { avroColumns, type AvroColumn } from './avro-type.js';

/** Long work gives way to other work so often. */
const TURN_MS = 8;
const WRITE_CHARACTERS = 256 * 1024;

/** Whole numbers of 64 bits as texts: JavaScript's numbers have no room for all of them. */
const LONG = avsc.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE().toString(),
  toBuffer: (text: string) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(BigInt(text));
    return buffer;
  },
  fromJSON: String,
  toJSON: (text: string) => text,
  isValid: (value: unknown) => typeof value === 'string',
  compare: (a: string, b: string) => (BigInt(a) < BigInt(b) ? -1 : Number(BigInt(a) > BigInt(b))),
});

/** The columns that an Avro file's header tells of. @throws AvroError */
export async function readAvroColumns(path: string): Promise<AvroColumn[]> {
  const container = await openAvroContainer(path);
  try {
    return avroColumns(container.schema);
  } finally {
    await container.close();
  }
}

/**
 * Writes a line for each record of the file at `path` into a new file: those members that `names` has, each under the name
 * that it gives, behind the constants. Holds no more than a block of records.
 * @throws AvroError, and the signal's reason
 */
export async function writeAvroAsJson(
  path: string,
  options: {
    to: string;
    names: ReadonlyMap<string, string>;
    constants: Readonly<Record<string, string>>;
    signal: AbortSignal;
  },
): Promise<void> {
  const { to, names, constants, signal } = options;
  const container = await openAvroContainer(path);
  try {
    const wanted = avroColumns(container.schema).flatMap(({ name, type }) => {
      const key = names.get(name);
      return key === undefined ? [] : [{ name, key, type }];
    });
    const output = await open(to, 'wx');
    try {
      let text = '';
      for await (const record of recordsOf(container, signal)) {
        const line: Record<string, unknown> = { ...constants };
        for (const { name, key, type } of wanted) line[key] = jsonValue(record[name], type);
        text += `${JSON.stringify(line)}\n`;
        if (text.length < WRITE_CHARACTERS) continue;
        await output.writeFile(text);
        text = '';
      }
      await output.writeFile(text);
    } finally {
      await output.close();
    }
  } finally {
    await container.close();
  }
}

type AvroRecord = Record<string, unknown>;

async function* recordsOf(container: AvroContainer, signal: AbortSignal): AsyncGenerator<AvroRecord> {
  const type = recordType(container.schema);
  let turnEndsAt = performance.now() + TURN_MS;
  for await (const { count, bytes } of container.blocks()) {
    let offset = 0;
    for (let index = 0; index < count; index++) {
      const record = type.decode(bytes, offset);
      if (record.offset < 0) throw new AvroError('a block of it ends inside of a record');
      offset = record.offset;
      yield record.value;
      if (performance.now() < turnEndsAt) continue;
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      turnEndsAt = performance.now() + TURN_MS;
    }
  }
}

function recordType(schema: unknown): avsc.Type {
  try {
    return avsc.Type.forSchema(schema as avsc.Schema, {
      registry: { long: LONG },
      wrapUnions: 'never',
      omitRecordMethods: true,
    });
  } catch (error) {
    throw new AvroError(`its schema cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function jsonValue(value: unknown, type: DuckdbType): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'list':
      return (value as unknown[]).map((item) => jsonValue(item, type.item));
    case 'map':
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, jsonValue(item, type.value)]),
      );
    case 'struct':
      return Object.fromEntries(
        type.members.map((member) => [
          member.name,
          jsonValue((value as AvroRecord)[member.name], member.type),
        ]),
      );
    case 'scalar':
      if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
      if (!Buffer.isBuffer(value)) return value;
      return type.text === 'BASE64' ? value.toString('base64') : decimalText(value, type.text);
  }
}

/** A whole number in two's complement, the highest byte first, with the type's point in it. */
function decimalText(bytes: Buffer, type: string): string {
  const scale = Number(/, (\d+)\)$/.exec(type)?.[1] ?? 0);
  const unsigned = bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);
  const unscaled = BigInt.asIntN(bytes.length * 8, unsigned);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
}

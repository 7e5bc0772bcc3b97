// An Avro file's records as lines of JSON, which DuckDB reads: it has no reader of Avro that need not be fetched.
import avsc from 'avsc';
import { messageOf } from '../../base/errors.js';
import type { DuckdbType } from '../duckdb-type.js';
import { AvroError, openAvroContainer, type AvroContainer } from './avro-container.js';
import { writeJsonLines, type StagedColumn, type Staging } from '../staged-json.js';
import { LONG_AS_TEXT } from './avro-long.js';
import { avroColumns } from './avro-type.js';

/** The columns that an Avro file's header tells of. @throws AvroError */
export async function readAvroColumns(path: string): Promise<StagedColumn[]> {
  const container = await openAvroContainer(path);
  try {
    return avroColumns(container.schema);
  } finally {
    await container.close();
  }
}

/**
 * Writes a line for each record of the file at `path`: those members that `names` has, each under the name that it gives,
 * behind the constants. Holds no more than a block of records.
 * @returns how many there were. @throws AvroError, and the signal's reason
 */
export async function writeAvroAsJson(path: string, staging: Staging): Promise<number> {
  const container = await openAvroContainer(path);
  try {
    const wanted = avroColumns(container.schema).flatMap(({ name, type }) => {
      const key = staging.names.get(name);
      return key === undefined ? [] : [{ name, key, type }];
    });
    return await writeJsonLines(linesOf(container, wanted, staging.constants), staging);
  } finally {
    await container.close();
  }
}

/** A block may have very many. */
const BATCH_RECORDS = 256;

type AvroRecord = Record<string, unknown>;

/** The records of a file, as they are: whole numbers of 64 bits are texts. @throws AvroError */
export async function* readAvroRecords(path: string): AsyncGenerator<AvroRecord> {
  const container = await openAvroContainer(path);
  try {
    const decoder = recordType(container.schema);
    for await (const block of container.blocks()) yield* recordsOf(decoder, block);
  } finally {
    await container.close();
  }
}

function* recordsOf(
  decoder: avsc.Type,
  { count, bytes }: { count: number; bytes: Buffer },
): Generator<AvroRecord> {
  let offset = 0;
  for (let index = 0; index < count; index++) {
    const record = decoder.decode(bytes, offset);
    if (record.offset < 0) throw new AvroError('a block of it ends inside of a record');
    offset = record.offset;
    yield record.value as AvroRecord;
  }
}

async function* linesOf(
  container: AvroContainer,
  wanted: readonly (StagedColumn & { key: string })[],
  constants: Staging['constants'],
): AsyncGenerator<object[]> {
  const decoder = recordType(container.schema);
  for await (const block of container.blocks()) {
    let lines: object[] = [];
    for (const values of recordsOf(decoder, block)) {
      const line: Record<string, unknown> = { ...constants };
      for (const { name, key, type } of wanted) line[key] = jsonValue(values[name], type);
      lines.push(line);
      if (lines.length < BATCH_RECORDS) continue;
      yield lines;
      lines = [];
    }
    yield lines;
  }
}

function recordType(schema: unknown): avsc.Type {
  try {
    return avsc.Type.forSchema(schema as avsc.Schema, {
      registry: { long: LONG_AS_TEXT },
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

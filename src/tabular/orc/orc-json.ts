// An ORC file's rows as lines of JSON, which DuckDB reads: it has no reader of ORC.
import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '../../base/errors.js';
import { duckdbName } from '../duckdb-text.js';
import type { DuckdbType } from '../duckdb-type.js';
import { writeJsonLines, type StagedColumn, type Staging } from '../staged-json.js';
import { openOrcColumn } from './orc-columns.js';
import {
  OrcError,
  orcFooterBytes,
  readOrcFooter,
  TAIL_BYTES,
  type OrcFooter,
  type OrcType,
} from './orc-footer.js';
import { openStripe } from './orc-stripe.js';

/** Rows that are decoded at once. */
const BATCH_ROWS = 512;
const MAGIC = 'ORC';

/** The columns that an ORC file's footer tells of. @throws OrcError */
export function readOrcColumns(path: string): Promise<StagedColumn[]> {
  return withOrcFile(path, (_, { root }) =>
    Promise.resolve(root.children.map(({ name, type }) => ({ name, type: columnType(type) }))),
  );
}

/**
 * Writes a line for each row of the file at `path`: those columns that `names` has, each under the name that it gives, behind
 * the constants. Holds the wanted columns of one stripe, packed as they are in the file.
 * @returns how many there were. @throws OrcError, and the signal's reason
 */
export function writeOrcAsJson(path: string, staging: Staging): Promise<number> {
  return withOrcFile(path, (handle, footer) => {
    const wanted = footer.root.children.flatMap(({ name, type }) => {
      const key = staging.names.get(name);
      return key === undefined ? [] : [{ key, type }];
    });
    return writeJsonLines(rowsOf(handle, footer, wanted, staging.constants), staging);
  });
}

async function* rowsOf(
  handle: FileHandle,
  { root, stripes, compression }: OrcFooter,
  wanted: readonly { key: string; type: OrcType }[],
  constants: Readonly<Record<string, string>>,
): AsyncGenerator<object[]> {
  const columns = new Set([root.column]);
  for (const { type } of wanted) addColumns(type, columns);
  for (const each of stripes) {
    const stripe = await openStripe(handle, each, compression, columns);
    const open = wanted.map(({ key, type }) => ({ key, read: openOrcColumn(type, stripe) }));
    for (let left = each.rowCount; left > 0; left -= BATCH_ROWS) {
      const count = Math.min(left, BATCH_ROWS);
      const read = open.map(({ key, read: readNext }) => ({ key, values: readNext(count) }));
      yield Array.from({ length: count }, (_, row) => {
        const line: Record<string, unknown> = { ...constants };
        for (const { key, values } of read) line[key] = values[row];
        return line;
      });
    }
  }
}

function addColumns(type: OrcType, columns: Set<number>): void {
  columns.add(type.column);
  for (const child of type.children) addColumns(child.type, columns);
}

async function withOrcFile<T>(
  path: string,
  work: (handle: FileHandle, footer: OrcFooter) => Promise<T>,
): Promise<T> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const start = Buffer.alloc(MAGIC.length);
    await handle.read(start, 0, MAGIC.length, 0);
    if (start.toString('latin1') !== MAGIC) throw new OrcError(`it does not begin with ${MAGIC}`);
    const tail = await endOf(handle, size, TAIL_BYTES);
    const storedBytes = orcFooterBytes(tail, size);
    return await work(
      handle,
      readOrcFooter(storedBytes <= tail.length ? tail : await endOf(handle, size, storedBytes)),
    );
  } catch (error) {
    throw isOfContent(error) ? new OrcError(messageOf(error), { cause: error }) : error;
  } finally {
    await handle.close();
  }
}

/** What unpacking and decoding bytes that are not ORC's fails with; errors of the disk have a `syscall`. */
function isOfContent(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof OrcError || 'syscall' in error) return false;
  return error.constructor === Error || error instanceof RangeError || 'errno' in error;
}

async function endOf(handle: FileHandle, size: number, count: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.min(size, count));
  await handle.read(bytes, 0, bytes.length, size - bytes.length);
  return bytes;
}

const SCALARS: Readonly<Partial<Record<OrcType['kind'], string>>> = {
  boolean: 'BOOLEAN',
  byte: 'TINYINT',
  short: 'SMALLINT',
  int: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  binary: 'BASE64',
  timestamp: 'MICROSECONDS',
  'timestamp-instant': 'MICROSECONDS',
  union: 'UNION',
  date: 'DAYS',
};

const DECIMAL_DIGITS_MAX = 38;

function columnType(type: OrcType): DuckdbType {
  const [first, second] = type.children.map((child) => columnType(child.type));
  switch (type.kind) {
    case 'list': {
      const item = first as DuckdbType;
      return { kind: 'list', item, text: `${item.text}[]` };
    }
    case 'map': {
      const [key, value] = [first as DuckdbType, second as DuckdbType];
      return { kind: 'map', key, value, text: `MAP(${key.text}, ${value.text})` };
    }
    case 'struct': {
      const members = type.children.map(({ name, type: member }) => ({ name, type: columnType(member) }));
      return {
        kind: 'struct',
        members,
        text: `STRUCT(${members.map((member) => `${duckdbName(member.name)} ${member.type.text}`).join(', ')})`,
      };
    }
    case 'decimal':
      // Files of Hive 0.11 do not say.
      return {
        kind: 'scalar',
        text: `DECIMAL(${type.precision || DECIMAL_DIGITS_MAX}, ${type.precision ? type.scale : 10})`,
      };
    default:
      return { kind: 'scalar', text: SCALARS[type.kind] ?? 'VARCHAR' };
  }
}

// Files that DuckDB cannot read, written out as lines of JSON, which it can: how values stand there, and the writing.
import { open } from 'node:fs/promises';
import { duckdbName } from './duckdb-text.js';
import type { DuckdbType } from './duckdb-type.js';

export interface StagedColumn {
  name: string;
  /** A scalar's text is DuckDB's name of the type, or one of STAGED_SCALARS. */
  type: DuckdbType;
}

/**
 * What JSON has no form for: each by the type that its JSON value is read as. Decimals and whole numbers of 64 bits are
 * texts. A union of several types is `UNION`, which nothing reads.
 */
const STAGED_SCALARS: Readonly<Record<string, string>> = {
  BASE64: 'VARCHAR',
  DAYS: 'INTEGER',
  MILLISECONDS: 'BIGINT',
  MICROSECONDS: 'BIGINT',
  UNION: 'JSON',
};

/** The type that DuckDB reads the column's JSON as: keys of maps are texts there. */
export const jsonTypeOf = (type: DuckdbType): string => typeText(type, () => 'VARCHAR');

/** The type that it has when keys are what they were in the file. */
export const stagedTypeOf = (type: DuckdbType): string => typeText(type, stagedTypeOf);

function typeText(type: DuckdbType, ofKey: (key: DuckdbType) => string): string {
  switch (type.kind) {
    case 'list':
      return `${typeText(type.item, ofKey)}[]`;
    case 'map':
      return `MAP(${ofKey(type.key)}, ${typeText(type.value, ofKey)})`;
    case 'struct':
      return type.members.length === 0
        ? 'JSON'
        : `STRUCT(${type.members.map((member) => `${duckdbName(member.name)} ${typeText(member.type, ofKey)}`).join(', ')})`;
    case 'scalar':
      return STAGED_SCALARS[type.text] ?? type.text;
  }
}

/** Takes whole lines, in order, one call after the other. */
export type LineSink = (lines: string) => Promise<void>;

/** How a file is written out. */
export interface Staging {
  /** Path of a new file, or whoever takes the lines. */
  to: string | LineSink;
  /** The columns that are wanted, and the key that each is written under. */
  names: ReadonlyMap<string, string>;
  /** What every line has as well. */
  constants: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

/** Long work gives way to other work so often. */
const TURN_MS = 8;
const WRITE_CHARACTERS = 256 * 1024;

/**
 * Writes a line for each row, and lets other work have its turn.
 * @param batches rows that are decoded together: some hundreds
 * @returns how many rows there were. @throws the signal's reason
 */
export async function writeJsonLines(
  batches: AsyncIterable<readonly object[]>,
  { to, signal }: Pick<Staging, 'to' | 'signal'>,
): Promise<number> {
  if (typeof to !== 'string') return takeLines(batches, to, signal);
  const output = await open(to, 'wx');
  try {
    return await takeLines(batches, (lines) => output.writeFile(lines), signal);
  } finally {
    await output.close();
  }
}

async function takeLines(
  batches: AsyncIterable<readonly object[]>,
  take: LineSink,
  signal: AbortSignal,
): Promise<number> {
  let text = '';
  let count = 0;
  let turnEndsAt = performance.now() + TURN_MS;
  for await (const rows of batches) {
    for (const row of rows) text += `${JSON.stringify(row)}\n`;
    count += rows.length;
    if (text.length >= WRITE_CHARACTERS) {
      await take(text);
      text = '';
    }
    if (performance.now() < turnEndsAt) continue;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    turnEndsAt = performance.now() + TURN_MS;
  }
  await take(text);
  return count;
}

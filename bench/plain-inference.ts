// The least work that tells the columns of CSV files: list, stat, read, split, and a look at every cell.
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

const HEAD_BYTES = 1_048_576;

export interface PlainColumn {
  name: string;
  type: string;
}

/** Columns of every file below `root`; line breaks and commas in quotes, merging and naming are left to others. */
export function inferFolders(root: string): Map<string, PlainColumn[]> {
  const buffer = Buffer.allocUnsafe(HEAD_BYTES);
  const schemas = new Map<string, PlainColumn[]>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    schemas.set(path, inferText(readHead(path, buffer)));
  }
  return schemas;
}

function readHead(path: string, buffer: Buffer): string {
  const file = openSync(path, 'r');
  try {
    const byteCount = Math.min(fstatSync(file).size, HEAD_BYTES);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, byteCount, 0));
  } finally {
    closeSync(file);
  }
}

function inferText(text: string): PlainColumn[] {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const types: string[] = [];
  for (const line of lines) {
    const cells = line.split(',');
    for (let index = 0; index < cells.length; index++) {
      const type = typeOf(cells[index] as string);
      const known = types[index];
      if (known === undefined || known === type) types[index] = type;
      else types[index] = isNumber(known) && isNumber(type) ? 'double' : 'string';
    }
  }
  return header.split(',').map((name, index) => ({ name, type: types[index] ?? 'string' }));
}

function typeOf(cell: string): string {
  if (/^[+-]?\d+$/.test(cell)) return 'bigint';
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell)) return 'double';
  if (/^(true|false)$/i.test(cell)) return 'boolean';
  if (/^\d{4}-\d\d-\d\d$/.test(cell)) return 'date';
  return 'string';
}

function isNumber(type: string): boolean {
  return type === 'bigint' || type === 'double';
}

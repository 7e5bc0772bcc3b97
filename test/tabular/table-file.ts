// Files for tests of schema inference: written, classified, and put into words that compare easily.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { classifyFile, type ClassifyOptions } from '../../src/tabular/classify-file.js';
import type { FileSchema } from '../../src/tabular/file-schema.js';
import { formatHiveType } from '../../src/tabular/hive-type.js';

/** Writes a file and gives its path; both are gone after the test that calls it. */
export function writeTableFile(content: string | Buffer, extension = 'txt'): string {
  const { folder, path } = writeAlone(content, extension);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return path;
}

/** The schema of a file with this content. */
export function classifyContent(content: string | Buffer, options: ClassifyOptions = {}): FileSchema {
  const bytes = Buffer.from(content as string);
  const { folder, path } = writeAlone(bytes, 'txt');
  try {
    return classifyFile({ path, key: 'a/key', size: bytes.length }, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In a folder of its own. */
function writeAlone(content: string | Buffer, extension: string): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-tabular-'));
  const path = join(folder, `file.${extension}`);
  writeFileSync(path, content);
  return { folder, path };
}

/** `['id bigint', 'name string']` */
export function columnsOf(schema: FileSchema): string[] {
  return schema.columns.map(({ name, type }) => `${name} ${formatHiveType(type)}`);
}

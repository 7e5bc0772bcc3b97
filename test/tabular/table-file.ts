// Files for tests of schema inference: written, classified, and put into words that compare easily.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { classifyFile, type ClassifyOptions } from '../../src/tabular/classify-file.js';
import type { FileSchema } from '../../src/tabular/file-schema.js';
import { formatHiveType } from '../../src/tabular/hive-type.js';

const folder = mkdtempSync(join(tmpdir(), 'gluepot-tabular-'));
let fileCount = 0;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a file with a name of its own and gives its path; it is removed after the test file's last test. */
export function writeTableFile(content: string | Buffer, extension = 'txt'): string {
  const path = join(folder, `file-${++fileCount}.${extension}`);
  writeFileSync(path, content);
  return path;
}

/** The schema of a file with this content. */
export function classifyContent(content: string | Buffer, options: ClassifyOptions = {}): FileSchema {
  const bytes = Buffer.from(content as string);
  return classifyFile({ path: writeTableFile(bytes), key: 'a/key', size: bytes.length }, options);
}

/** `['id bigint', 'name string']` */
export function columnsOf(schema: FileSchema): string[] {
  return schema.columns.map(({ name, type }) => `${name} ${formatHiveType(type)}`);
}

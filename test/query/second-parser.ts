// dt-sql-parser's readers of Hive's and Trino's grammars, to agree with. Node cannot import the package as it is: it
// imports folders, so it is bundled into one file first.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Whether a text is one statement of the grammar. */
export interface SecondParser {
  acceptsHive(text: string): boolean;
  acceptsTrino(text: string): boolean;
}

/** What is used of a reader of the package. */
interface Reader {
  validate(text: string): unknown[];
  splitSQLByStatement(text: string): unknown[] | null;
}

const ENTRY = `
  export { HiveSQL } from 'dt-sql-parser/dist/parser/hive/index.js';
  export { TrinoSQL } from 'dt-sql-parser/dist/parser/trino/index.js';
`;

export async function openSecondParser(): Promise<SecondParser> {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-parser-'));
  try {
    const outfile = join(folder, 'parser.mjs');
    await build({
      stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile,
    });
    const { HiveSQL, TrinoSQL } = (await import(pathToFileURL(outfile).href)) as Record<
      'HiveSQL' | 'TrinoSQL',
      new () => Reader
    >;
    const [hive, trino] = [new HiveSQL(), new TrinoSQL()];
    return { acceptsHive: (text) => accepts(hive, text), acceptsTrino: (text) => accepts(trino, text) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// The package reads several statements without anything between them as well.
function accepts(reader: Reader, text: string): boolean {
  return quietly(() => reader.validate(text).length === 0 && reader.splitSQLByStatement(text)?.length === 1);
}

// It also says on the console what it cannot read.
function quietly<T>(act: () => T): T {
  const { error } = console;
  console.error = () => {};
  try {
    return act();
  } finally {
    console.error = error;
  }
}

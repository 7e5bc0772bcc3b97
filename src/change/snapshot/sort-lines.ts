// Sorts more lines than memory should hold: sorted runs in temporary files, merged as they are read.
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** JSON texts on one line each: JSON has no line breaks of its own. */
export interface Line {
  key: string;
  text: string;
}

/** Characters that a run holds; fewer than this never touch the disk. */
const RUN_LENGTH_MAX = 4 * 1024 * 1024;

/** The lines in the order of their keys, code unit by code unit; of equal keys the one that came last comes first. */
export async function* sortLines(
  lines: AsyncIterable<Line>,
  runLengthMax = RUN_LENGTH_MAX,
): AsyncGenerator<Line> {
  let run: Line[] = [];
  let length = 0;
  let folder: string | undefined;
  const files: string[] = [];
  try {
    for await (const line of lines) {
      run.push(line);
      length += line.key.length + line.text.length;
      if (length < runLengthMax) continue;
      folder ??= await mkdtemp(join(tmpdir(), 'gluepot-sort-'));
      const file = join(folder, String(files.length));
      await writeRun(file, sorted(run));
      files.push(file);
      run = [];
      length = 0;
    }
    if (files.length === 0) yield* sorted(run);
    // Newest first, so that of equal keys the last to come wins the merge.
    else yield* merge([toAsync(sorted(run)), ...files.reverse().map(readRun)]);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

function sorted(run: Line[]): Line[] {
  return run.reverse().sort(compare);
}

function compare(one: Line, other: Line): number {
  return one.key < other.key ? -1 : one.key > other.key ? 1 : 0;
}

async function writeRun(file: string, run: readonly Line[]): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const step = 1000;
    for (let start = 0; start < run.length; start += step) {
      const part = run.slice(start, start + step);
      await handle.write(part.map(({ key, text }) => `${key}\n${text}\n`).join(''));
    }
  } finally {
    await handle.close();
  }
}

async function* readRun(file: string): AsyncGenerator<Line> {
  let key: string | undefined;
  for await (const text of linesOf(file)) {
    if (key === undefined) key = text;
    else {
      yield { key, text };
      key = undefined;
    }
  }
}

// Not readline, which takes U+2028 for the end of a line; JSON does not escape it.
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const part of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() as string;
    yield* lines;
  }
}

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function* merge(sources: AsyncGenerator<Line>[]): AsyncGenerator<Line> {
  const heads: { line: Line; source: AsyncGenerator<Line> }[] = [];
  try {
    for (const source of sources) {
      const { value } = (await source.next()) as IteratorResult<Line, undefined>;
      if (value) heads.push({ line: value, source });
    }
    while (heads.length > 0) {
      let least = 0;
      for (let index = 1; index < heads.length; index++) {
        const [one, other] = [heads[index], heads[least]] as [{ line: Line }, { line: Line }];
        if (compare(one.line, other.line) < 0) least = index;
      }
      const head = heads[least] as (typeof heads)[number];
      yield head.line;
      const { value } = (await head.source.next()) as IteratorResult<Line, undefined>;
      if (value) head.line = value;
      else heads.splice(least, 1);
    }
  } finally {
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}

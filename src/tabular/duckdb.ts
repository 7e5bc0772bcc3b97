// DuckDB as the rest of the product may use it: sandboxed, bounded, never in the way of the event loop.
import { mkdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { DuckDBConnection, DuckDBInstance, Json } from '@duckdb/node-api';
import { messageOf } from '../base/errors.js';
import { QUERY_CONCURRENCY_MAX } from '../base/limits.js';
import { openGate } from '../base/gate.js';
import { duckdbText } from './duckdb-text.js';

export type DuckdbRow = Record<string, Json>;

/** A statement that DuckDB refused or could not finish. The message is for people: no hints about DuckDB's options. */
export class DuckdbError extends Error {
  override readonly name = 'DuckdbError';

  /** It needed more than `memoryLimitBytes`; nothing is wrong with the statement or what it reads. */
  get isOutOfMemory(): boolean {
    return this.message.startsWith('Out of Memory Error');
  }
}

export interface DuckdbOptions {
  /** The only folders that statements may read and write, with all that is below them. */
  folders: readonly string[];
  /** Where large intermediate results go; made when missing. */
  temporaryDirectory: string;
  /** Bytes of DuckDB's buffers, a quarter of the machine's memory when left out. The process may need some 200 MB more. */
  memoryLimitBytes?: number;
  /** Statements that every DuckDB begins with: macros that queries use. */
  prelude?: readonly string[];
}

export interface Duckdb {
  /**
   * Runs one statement to its end and answers how many rows it wrote. At most QUERY_CONCURRENCY_MAX statements run at
   * once, others wait their turn. When `signal` aborts, the statement stops within milliseconds and its reason is thrown.
   * @throws DuckdbError
   */
  run(statement: string, signal?: AbortSignal): Promise<number>;
  /** Rows of a query as JSON values, in chunks of at most 2,048: nothing is held but the chunk. @throws DuckdbError */
  chunks(query: string, signal?: AbortSignal): AsyncGenerator<DuckdbRow[]>;
  /** All rows of a query whose result is known to be small. @throws DuckdbError */
  rows(query: string, signal?: AbortSignal): Promise<DuckdbRow[]>;
  close(): Promise<void>;
}

/**
 * A thread wants so much of it (DuckDB docs, "Environment": at least 125 MB of memory per thread); with more threads a load fails for
 * want of memory that one thread can do.
 */
const BYTES_A_THREAD = 125_000_000;

/** An interrupt sent before a statement has begun is lost, so it is repeated until the statement ends. */
const INTERRUPT_INTERVAL_MS = 10;

/** Nothing of DuckDB is loaded before the first statement. */
export function openDuckdb(options: DuckdbOptions): Duckdb {
  const gate = openGate(QUERY_CONCURRENCY_MAX);
  let opening: Promise<DuckDBInstance> | undefined;
  let isClosed = false;

  async function connect(): Promise<DuckDBConnection> {
    if (isClosed) throw new DuckdbError('DuckDB is closed.');
    opening ??= openInstance(options);
    return (await opening).connect();
  }

  async function* chunks(query: string, signal?: AbortSignal): AsyncGenerator<DuckdbRow[]> {
    const leave = await gate.enter(signal);
    try {
      const connection = await connect();
      const settled = interruptOnAbort(connection, signal);
      try {
        const result = await connection.stream(query);
        const names = result.deduplicatedColumnNames();
        for await (const rows of result.yieldRowsJson()) {
          signal?.throwIfAborted();
          if (rows.length > 0) yield rows.map((values) => rowOf(names, values));
        }
      } catch (error) {
        throw readable(error, signal);
      } finally {
        settled();
        connection.closeSync();
      }
    } finally {
      leave();
    }
  }

  return {
    chunks,
    async run(statement, signal) {
      let count = 0;
      for await (const rows of chunks(statement, signal)) count += Number(rows[0]?.Count ?? 0);
      return count;
    },
    async rows(query, signal) {
      const all: DuckdbRow[] = [];
      for await (const rows of chunks(query, signal)) all.push(...rows);
      return all;
    },
    async close() {
      isClosed = true;
      await gate.drained();
      if (opening) (await opening).closeSync();
    },
  };
}

/** Assigning would lose a column that is called `__proto__`. */
function rowOf(names: readonly string[], values: readonly Json[]): DuckdbRow {
  return Object.fromEntries(names.map((name, index) => [name, values[index] as Json]));
}

async function openInstance(options: DuckdbOptions): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  mkdirSync(options.temporaryDirectory, { recursive: true });
  const memoryLimitBytes =
    options.memoryLimitBytes ?? Math.max(512 * 1024 * 1024, Math.floor(totalmem() / 4));
  const threadCount = Math.max(
    1,
    Math.min(availableParallelism(), Math.floor(memoryLimitBytes / BYTES_A_THREAD)),
  );
  const folders = [...options.folders, options.temporaryDirectory].map(duckdbText).join(', ');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const settings = [
      `temp_directory = ${duckdbText(options.temporaryDirectory)}`,
      `memory_limit = '${memoryLimitBytes}B'`,
      `threads = ${threadCount}`,
      'autoinstall_known_extensions = false',
      'autoload_known_extensions = false',
      // It goes by a file's path and time of change: an object that is replaced at once would be read as it was before.
      'enable_external_file_cache = false',
      `TimeZone = 'UTC'`,
      `allowed_directories = [${folders}]`,
      'enable_external_access = false',
      'lock_configuration = true',
    ];
    for (const setting of settings) await connection.run(`SET ${setting}`);
    for (const statement of options.prelude ?? []) await connection.run(statement);
  } finally {
    connection.closeSync();
  }
  return instance;
}

function interruptOnAbort(connection: DuckDBConnection, signal: AbortSignal | undefined): () => void {
  if (!signal) return () => {};
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    timer ??= setInterval(() => connection.interrupt(), INTERRUPT_INTERVAL_MS);
  };
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt);
  return () => {
    clearInterval(timer);
    signal.removeEventListener('abort', interrupt);
  };
}

function readable(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof DuckdbError) return error;
  return new DuckdbError(withoutHints(messageOf(error)), { cause: error });
}

/**
 * DuckDB appends advice about its own options and a dump of its settings, which nobody here can act on; the file, which is
 * among them, is kept.
 */
function withoutHints(message: string): string {
  const hint =
    /\n\s*(?:Possible (?:fixes|[Ss]olutions?)|Try setting|Column \S+ is being converted|file = |LINE \d+:)/;
  const file = /\n\s*file = (.+)/.exec(message)?.[1];
  const end = message.search(hint);
  const said = message
    .slice(0, end < 0 ? undefined : end)
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  return file === undefined || said.includes(file) ? said : `${said} (in ${file})`;
}

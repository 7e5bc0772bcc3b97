// DuckDB by itself, without gluepot, with as many threads and as much memory as gluepot gives it.
import { availableParallelism, totalmem } from 'node:os';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { BenchContext } from './bench.js';

/** Opens that many connections to one instance, closed when the bench ends. */
export async function openRawDuckdb(
  { defer }: Pick<BenchContext, 'defer'>,
  connections = 1,
): Promise<DuckDBConnection[]> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(availableParallelism()),
    memory_limit: `${Math.floor(totalmem() / 4)}B`,
  });
  defer(() => instance.closeSync());
  const opened: DuckDBConnection[] = [];
  for (let index = 0; index < connections; index++) opened.push(await instance.connect());
  defer(() => opened.forEach((connection) => connection.closeSync()));
  return opened;
}

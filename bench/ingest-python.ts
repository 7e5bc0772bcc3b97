// The newest row of each key by polars and by pandas, where python3 has them.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { DuckDBConnection } from '@duckdb/node-api';

const run = promisify(execFile);

/** As their users write it; files in, one file out. */
const SCRIPTS = {
  polars: `
import sys, polars
source, out = sys.argv[1:]
rows = polars.scan_parquet(source + '/*.parquet')
newest = rows.group_by('id').agg(polars.col('updated_at').max())
rows.join(newest, on=['id', 'updated_at'], how='semi').sink_parquet(out, compression='snappy')
`,
  pandas: `
import sys, pandas
source, out = sys.argv[1:]
rows = pandas.read_parquet(source)
rows.sort_values('updated_at').drop_duplicates('id', keep='last').to_parquet(out, compression='snappy')
`,
};

type Peer = keyof typeof SCRIPTS;

/** Processes from start to end. A peer that python3 does not have is undefined; BENCH_PYTHON names another interpreter. */
export async function pythonContenders(
  duckdb: DuckDBConnection,
  source: string,
  out: string,
  rowCount: number,
): Promise<Record<Peer, (() => Promise<void>) | undefined>> {
  const python = process.env.BENCH_PYTHON ?? 'python3';
  const contender = async (peer: Peer) => {
    const imports = peer === 'pandas' ? 'import pandas, pyarrow' : `import ${peer}`;
    const isThere = await run(python, ['-c', imports]).then(
      () => true,
      () => false,
    );
    if (!isThere) return undefined;
    return async () => {
      await run(python, ['-c', SCRIPTS[peer], source, out]);
      const [row] = (await duckdb.runAndReadAll(`SELECT count(*) AS n FROM '${out}'`)).getRowObjectsJson();
      if (Number(row?.n) < rowCount * 0.8) throw new Error(`${peer} wrote too few rows.`);
    };
  };
  return { polars: await contender('polars'), pandas: await contender('pandas') };
}

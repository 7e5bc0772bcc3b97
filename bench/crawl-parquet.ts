// Crawling ten years of daily Parquet partitions, against one look of DuckDB's at the same footers.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { countPartitions } from './count-partitions.js';
import { compare, interleave, timeMs } from './measure.js';
import { openPipeline } from './pipeline.js';
import { openRawDuckdb } from './raw-duckdb.js';

const DAYS_PER_YEAR = 365;

export const crawlParquet: Bench = {
  name: 'crawl-parquet',
  summary: 'a crawl of 3,650 Parquet partitions; against DuckDB’s parquet_schema of all of them',
  async run(context) {
    const { isQuick, note } = context;
    const partitionCount = DAYS_PER_YEAR * (isQuick ? 1 : 10);
    const pipeline = await openPipeline(context);
    const [duckdb] = await openRawDuckdb(context);
    if (!duckdb) throw new Error('There is no connection to DuckDB.');
    const root = join(pipeline.bucketFolder, 'readings');
    note(`writing ${partitionCount} files`);
    await duckdb.run(
      `COPY (SELECT n AS id, 'station-' || n % 50 AS station, n * 0.25 AS temperature, n % 101 AS humidity,
               'reading ' || n AS remark, TIMESTAMP '2024-01-01' + to_seconds(n) AS taken, n % 2 = 0 AS valid,
               (2015 + n % ${partitionCount} // ${DAYS_PER_YEAR})::VARCHAR AS year,
               (n % ${partitionCount} % ${DAYS_PER_YEAR})::VARCHAR AS day
             FROM range(${partitionCount * 20}) AS r(n))
       TO '${root}' (FORMAT parquet, PARTITION_BY (year, day))`,
    );
    const fileCount = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    ).length;
    note(`crawling ${fileCount} files`);
    const samples = await interleave(
      {
        crawl: async () => {
          const { database, durationMs } = await pipeline.crawl('readings/');
          const found = await countPartitions(pipeline.clients, database, 'readings');
          if (found !== partitionCount) throw new Error(`The crawl found ${found} partitions.`);
          return durationMs;
        },
        glob: () =>
          timeMs(() =>
            duckdb.runAndReadAll(
              `SELECT file_name, name, type, logical_type FROM parquet_schema('${root}/*/*/*.parquet')`,
            ),
          ),
      },
      { rounds: isQuick ? 2 : 5, warmUpRounds: 1 },
    );
    return [
      compare({
        name: `crawl of ${partitionCount.toLocaleString('en-US')} Parquet partitions`,
        unit: 'ms',
        measured: samples.crawl,
        limit: { name: 'parquet_schema, one glob', samples: samples.glob },
        target: { atMost: 3 },
      }),
    ];
  },
};

// Crawling one large CSV file, against DuckDB's sniffer on the same file.
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { writeLargeFiles } from './large-files.js';
import { compare, interleave, timeMs } from './measure.js';
import { onlyTable, openPipeline } from './pipeline.js';
import { openRawDuckdb } from './raw-duckdb.js';

export const crawlLargeCsv: Bench = {
  name: 'crawl-large-csv',
  summary: 'a crawl of one CSV file of 1 GB; against DuckDB’s sniff_csv',
  async run(context) {
    const pipeline = await openPipeline(context);
    const [duckdb] = await openRawDuckdb(context);
    if (!duckdb) throw new Error('There is no connection to DuckDB.');
    const folder = join(pipeline.bucketFolder, 'large');
    context.note(`writing ${context.sizeMB} MB`);
    await writeLargeFiles(duckdb, { folder, format: 'csv', sizeMB: context.sizeMB, fileCount: 1 });
    const file = join(folder, 'part-0.csv');
    context.note('crawling');
    const samples = await interleave(
      {
        crawl: async () => {
          const { database, durationMs } = await pipeline.crawl('large/');
          await onlyTable(pipeline.clients, database);
          return durationMs;
        },
        sniff: () => timeMs(() => duckdb.runAndReadAll(`SELECT * FROM sniff_csv('${file}')`)),
      },
      { rounds: context.isQuick ? 2 : 9, warmUpRounds: 1 },
    );
    return [
      compare({
        name: `crawl of one CSV file of ${context.sizeMB} MB`,
        unit: 'ms',
        measured: samples.crawl,
        limit: { name: 'sniff_csv', samples: samples.sniff },
        target: { atMost: 1.5 },
      }),
    ];
  },
};

// Crawling a thousand folders of three small CSV files, against plain inference of the same files and DuckDB's sniffer.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Bench } from './bench.js';
import { compare, interleave, timeMs, type Result } from './measure.js';
import { openPipeline } from './pipeline.js';
import { inferFolders } from './plain-inference.js';
import { openRawDuckdb } from './raw-duckdb.js';
import { seededRandom } from './seeded-random.js';

const FILES_PER_FOLDER = 3;
const ROWS_PER_FILE = 100;
const SNIFFERS = 4;

export const crawlFolders: Bench = {
  name: 'crawl-folders',
  summary: 'a crawl of 1,000 folders of 3 small CSV files; against plain inference and DuckDB’s sniff_csv',
  async run(context) {
    const { isQuick, note } = context;
    const folderCount = isQuick ? 100 : 1000;
    const pipeline = await openPipeline(context);
    const sniffers = await openRawDuckdb(context, SNIFFERS);
    const results: Result[] = [];
    for (const layout of ['tables', 'partitions'] as const) {
      const root = join(pipeline.bucketFolder, layout);
      const files = writeFolders(root, layout, folderCount);
      note(`crawling ${files.length} files as ${layout}`);
      await pipeline.crawl(`${layout}/`);
      inferFolders(root);
      const samples = await interleave(
        {
          crawl: async () => {
            const { database, durationMs } = await pipeline.crawl(`${layout}/`);
            const found = await countFound(pipeline.clients.glue, database, layout);
            if (found !== folderCount)
              throw new Error(`The crawl found ${found} ${layout}, not ${folderCount}.`);
            return durationMs;
          },
          plain: () =>
            timeMs(() => {
              const found = inferFolders(root).size;
              if (found !== files.length) throw new Error(`Plain inference saw ${found} files.`);
            }),
          // Slow, and the same for both: sniff_csv sees files, not folders.
          ...(layout === 'tables' ? { sniff: () => timeMs(() => sniffAll(sniffers, files)) } : {}),
        },
        { rounds: isQuick ? 1 : 3 },
      );
      const name = `crawl of ${folderCount.toLocaleString('en-US')} folders of ${FILES_PER_FOLDER} CSV files, as ${layout}`;
      results.push(
        compare({
          name,
          unit: 'ms',
          measured: samples.crawl,
          limit: { name: 'plain inference', samples: samples.plain },
          target: { atMost: 3 },
        }),
      );
      if (samples.sniff) {
        results.push(
          compare({
            name,
            unit: 'ms',
            measured: samples.crawl,
            limit: { name: `sniff_csv, ${SNIFFERS} connections`, samples: samples.sniff },
            target: { atLeast: 4 },
          }),
        );
      }
    }
    return results;
  },
};

/** Folders whose columns differ become tables of their own, folders that are alike partitions of one table. */
function writeFolders(root: string, layout: 'tables' | 'partitions', folderCount: number): string[] {
  const random = seededRandom(11);
  const pick = (below: number) => Math.floor(random() * below);
  const paths: string[] = [];
  for (let folder = 0; folder < folderCount; folder++) {
    const path = join(root, layout === 'tables' ? `orders_${folder}` : `batch=${folder}`);
    const mark = layout === 'tables' ? `_${folder}` : '';
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < FILES_PER_FOLDER; file++) {
      const lines = [`id,customer${mark},amount${mark},quantity${mark},day${mark},paid${mark},city,remark`];
      for (let row = 0; row < ROWS_PER_FILE; row++) {
        const day = new Date(Date.UTC(2024, 0, 1 + pick(365))).toISOString().slice(0, 10);
        lines.push(
          `${pick(1e9)},customer ${pick(5000)},${(random() * 500).toFixed(2)},${pick(20)},${day},` +
            `${pick(2) === 1},city ${pick(80)},order ${row} of a small file`,
        );
      }
      paths.push(join(path, `part-${file}.csv`));
      writeFileSync(paths.at(-1) as string, `${lines.join('\n')}\n`);
    }
  }
  return paths;
}

async function countFound(
  glue: Awaited<ReturnType<typeof openPipeline>>['clients']['glue'],
  database: string,
  layout: 'tables' | 'partitions',
): Promise<number> {
  let count = 0;
  let NextToken: string | undefined;
  do {
    const page =
      layout === 'tables'
        ? await glue.getTables({ DatabaseName: database, NextToken })
        : await glue.getPartitions({ DatabaseName: database, TableName: layout, NextToken });
    count += 'TableList' in page ? (page.TableList?.length ?? 0) : 0;
    count += 'Partitions' in page ? (page.Partitions?.length ?? 0) : 0;
    ({ NextToken } = page);
  } while (NextToken);
  return count;
}

async function sniffAll(connections: readonly DuckDBConnection[], files: readonly string[]): Promise<void> {
  let next = 0;
  const sniffer = async (connection: DuckDBConnection) => {
    for (let path = files[next++]; path !== undefined; path = files[next++]) {
      await connection.runAndReadAll(`SELECT * FROM sniff_csv('${path}')`);
    }
  };
  await Promise.all(connections.map(sniffer));
}

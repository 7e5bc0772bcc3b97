// SELECTs through Athena over Parquet files, from the call that submits them to their completion, against the same query
// in DuckDB by itself.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from './bench.js';
import { writeLargeFiles } from './large-files.js';
import { compare, interleave, timeMs, type Result } from './measure.js';
import { BUCKET } from './pipeline.js';
import { openRawDuckdb } from './raw-duckdb.js';
import { openEmbedded } from '../src/embedded.js';

const FILE_COUNT = 4;
const MAX_TIMES = 1.2;
/** As awswrangler does it. Each look is an SDK call in this process, and takes from DuckDB what it costs. */
const POLL_MS = 250;
/** So many bytes of CSV make a byte of Parquet. */
const CSV_TIMES = 2.36;

interface MeasuredQuery {
  text: string;
  /** What a plain COPY must be told to write the same file. */
  form?: string;
}

const QUERIES: Record<string, MeasuredQuery> = {
  'group of everything': {
    text: 'SELECT city, count(*), avg(temperature), sum(rain), max(day) FROM measures GROUP BY city ORDER BY 2 DESC',
  },
  'filter and sort': {
    text: 'SELECT id, station, temperature FROM measures WHERE temperature > 25 AND rain < 1 ORDER BY temperature DESC, id LIMIT 1000',
  },
  'join with its own groups': {
    text: `SELECT a.city, count(*), sum(a.wind) FROM measures a
      JOIN (SELECT station, max(temperature) AS top FROM measures GROUP BY station) b
      ON a.station = b.station AND a.temperature > b.top - 10 GROUP BY a.city`,
  },
  'distinct counts of a part': {
    text: 'SELECT direction, firmware, count(DISTINCT station), min(pressure) FROM measures WHERE humidity BETWEEN 20 AND 80 GROUP BY direction, firmware ORDER BY 1, 2',
  },
  // Athena quotes every field, which is work of its own.
  'a fifth of all rows': {
    text: 'SELECT id, station, day, temperature, rain FROM measures WHERE rain < 60',
    form: ', FORCE_QUOTE *',
  },
};

export const athenaSelect: Bench = {
  name: 'athena-select',
  summary: 'SELECTs through Athena over 1 GB of Parquet; against the same in plain DuckDB',
  async run({ folder, sizeMB, isQuick, defer, note }) {
    const dataDir = join(folder, 'data');
    const aws = await openEmbedded({ dataDir });
    defer(() => aws.close());
    const { athena, glue, s3 } = aws.clients();
    await s3.createBucket({ Bucket: BUCKET });
    const [duckdb] = await openRawDuckdb({ defer });
    if (!duckdb) throw new Error('There is no connection to DuckDB.');
    const target = join(dataDir, 's3', BUCKET, 'measures');
    mkdirSync(target, { recursive: true });
    note(`writing ${sizeMB} MB of Parquet`);
    const source = join(folder, 'source');
    await writeLargeFiles(duckdb, {
      folder: source,
      format: 'csv',
      sizeMB: sizeMB * CSV_TIMES,
      fileCount: FILE_COUNT,
    });
    for (let index = 0; index < FILE_COUNT; index++) {
      await duckdb.run(
        `COPY (FROM '${join(source, `part-${index}.csv`)}') TO '${join(target, `part-${index}.parquet`)}'`,
      );
    }
    rmSync(source, { recursive: true });
    const files = `read_parquet('${target}/*.parquet')`;
    const described = await duckdb.runAndReadAll(`DESCRIBE SELECT * FROM ${files}`);
    await glue.createDatabase({ DatabaseInput: { Name: 'bench' } });
    await glue.createTable({
      DatabaseName: 'bench',
      TableInput: {
        Name: 'measures',
        TableType: 'EXTERNAL_TABLE',
        StorageDescriptor: {
          Location: `s3://${BUCKET}/measures/`,
          Columns: described.getRowObjectsJson().map((row) => ({
            Name: row.column_name as string,
            Type: (row.column_type as string)
              .replace('VARCHAR', 'string')
              .replace('INTEGER', 'int')
              .toLowerCase(),
          })),
          SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      },
    });
    /** Milliseconds until it was complete, by the clock of this process, which is the server's too. */
    const runMs = async (QueryString: string): Promise<number> => {
      const began = Date.now();
      const { QueryExecutionId } = await athena.startQueryExecution({
        QueryString,
        QueryExecutionContext: { Database: 'bench' },
        ResultConfiguration: { OutputLocation: `s3://${BUCKET}/results/` },
      });
      for (;;) {
        await wait(POLL_MS);
        const { QueryExecution } = await athena.getQueryExecution({ QueryExecutionId });
        const { State, StateChangeReason, CompletionDateTime } = QueryExecution?.Status ?? {};
        if (State === 'SUCCEEDED') return (CompletionDateTime as Date).getTime() - began;
        if (State === 'FAILED' || State === 'CANCELLED')
          throw new Error(`${QueryString}: ${StateChangeReason}`);
      }
    };
    const results: Result[] = [];
    for (const [name, { text, form = '' }] of Object.entries(QUERIES)) {
      note(name);
      const plain = `COPY (${text.replaceAll('FROM measures', `FROM ${files}`)}) TO '${join(folder, 'out.csv')}' (HEADER${form})`;
      const samples = await interleave(
        {
          athena: async () => (await runMs(text)) / 1000,
          duckdb: async () => (await timeMs(() => duckdb.run(plain))) / 1000,
        },
        { rounds: isQuick ? 1 : 5, warmUpRounds: 1 },
      );
      results.push(
        compare({
          name: `SELECT, ${name}, ${sizeMB} MB`,
          unit: 's',
          measured: samples.athena,
          limit: { name: 'plain DuckDB', samples: samples.duckdb },
          target: { atMost: MAX_TIMES },
        }),
      );
    }
    return results;
  },
};

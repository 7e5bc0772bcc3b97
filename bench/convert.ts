// Converting files with a job, against one COPY statement of DuckDB over the same files.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Column, CodeGenConfigurationNode } from '@aws-sdk/client-glue';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Bench } from './bench.js';
import { writeLargeFiles } from './large-files.js';
import { compare, interleave, timeMs, type Result } from './measure.js';
import { BUCKET, onlyTable, openPipeline } from './pipeline.js';
import { openRawDuckdb } from './raw-duckdb.js';

const FILE_COUNT = 4;
const MAX_TIMES = 1.15;

interface Conversion {
  name: string;
  /** Folder of the input in the bucket. */
  input: string;
  /** Columns taken: path in the input, name in the output. Nested values do not fit into CSV. */
  mapping: readonly { path: string[]; key: string }[] | undefined;
  to: 'parquet' | 'csv';
  from: (folder: string, columns: readonly Column[]) => string;
}

const CONVERSIONS: readonly Conversion[] = [
  {
    name: 'CSV to Parquet',
    input: 'csv',
    mapping: undefined,
    to: 'parquet',
    from: (folder, columns) =>
      `read_csv('${folder}/*.csv', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', ` +
      `columns = {${columns.map(({ Name, Type }) => `'${Name}': '${duckdbType(Type)}'`).join(', ')}})`,
  },
  {
    name: 'JSON to CSV',
    input: 'json',
    mapping: [
      ...['id', 'station', 'city', 'day', 'temperature', 'humidity', 'rain', 'remark'].map((key) => ({
        path: [key],
        key,
      })),
      { path: ['position', 'lat'], key: 'lat' },
      { path: ['position', 'lon'], key: 'lon' },
    ],
    to: 'csv',
    from: (folder, columns) =>
      `read_json('${folder}/*.json', format = 'newline_delimited', ` +
      `columns = {${columns.map(({ Name, Type }) => `'${Name}': '${duckdbType(Type)}'`).join(', ')}})`,
  },
  {
    name: 'Parquet to CSV',
    input: 'parquet',
    mapping: undefined,
    to: 'csv',
    from: (folder) => `read_parquet('${folder}/*.parquet')`,
  },
];

export const convert: Bench = {
  name: 'convert',
  summary: 'jobs that convert 1 GB: CSV to Parquet, JSON to CSV, Parquet to CSV; against raw DuckDB COPY',
  async run(context) {
    const { folder, sizeMB, isQuick, note } = context;
    const pipeline = await openPipeline(context);
    const [duckdb] = await openRawDuckdb(context);
    if (!duckdb) throw new Error('There is no connection to DuckDB.');
    const rawFolder = join(folder, 'raw');
    mkdirSync(rawFolder);
    const bucket = pipeline.bucketFolder;
    note(`writing ${sizeMB} MB each of CSV, JSON and Parquet`);
    for (const format of ['csv', 'json'] as const) {
      await writeLargeFiles(duckdb, { folder: join(bucket, format), format, sizeMB, fileCount: FILE_COUNT });
    }
    mkdirSync(join(bucket, 'parquet'));
    for (let index = 0; index < FILE_COUNT; index++) {
      const part = `FROM '${join(bucket, 'csv', `part-${index}.csv`)}'`;
      await duckdb.run(`COPY (${part}) TO '${join(bucket, 'parquet', `part-${index}.parquet`)}'`);
    }
    const results: Result[] = [];
    for (const conversion of CONVERSIONS) {
      note(conversion.name);
      const { database } = await pipeline.crawl(`${conversion.input}/`);
      const { name: table, columns } = await onlyTable(pipeline.clients, database);
      const nodes = nodesOf(conversion, database, table, columns);
      const rawPath = join(rawFolder, `out.${conversion.to}`);
      const copy = copyOf(conversion, join(bucket, conversion.input), columns, rawPath);
      const cpu = { job: [] as number[], copy: [] as number[] };
      const samples = await interleave(
        {
          job: async () => {
            rmSync(join(bucket, 'out'), { recursive: true, force: true });
            const before = process.cpuUsage();
            const durationMs = await pipeline.runJob(nodes);
            cpu.job.push(cpuSeconds(before));
            return durationMs / 1000;
          },
          copy: async () => {
            rmSync(rawPath, { force: true });
            const before = process.cpuUsage();
            const durationMs = await timeMs(() => duckdb.run(copy));
            cpu.copy.push(cpuSeconds(before));
            return durationMs / 1000;
          },
        },
        { rounds: isQuick ? 1 : 3 },
      );
      await requireSameRows(duckdb, conversion.to, `${bucket}/out/*`, rawPath);
      rmSync(rawPath);
      for (const [of, { job, copy: raw }] of Object.entries({ '': samples, ', processor time': cpu })) {
        results.push(
          compare({
            name: `job, ${conversion.name}, ${sizeMB} MB${of}`,
            unit: 's',
            measured: job,
            limit: { name: 'raw COPY', samples: raw },
            target: { atMost: MAX_TIMES },
          }),
        );
      }
    }
    return results;
  },
};

/** Of all threads of this process since `before`: what others do on the machine hardly shows in it. */
function cpuSeconds(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function nodesOf(
  { mapping, to }: Conversion,
  Database: string,
  Table: string,
  columns: readonly Column[],
): Record<string, CodeGenConfigurationNode> {
  const Path = `s3://${BUCKET}/out/`;
  const last = mapping ? 'mapping' : 'source';
  return {
    source: { S3CatalogSource: { Name: 'Source', Database, Table } },
    ...(mapping
      ? {
          mapping: {
            ApplyMapping: {
              Name: 'Mapping',
              Inputs: ['source'],
              Mapping: mapping.map(({ path, key }) => {
                const type = path.length > 1 ? 'double' : columns.find(({ Name }) => Name === key)?.Type;
                return { FromPath: path, FromType: type, ToKey: key, ToType: type };
              }),
            },
          },
        }
      : {}),
    target:
      to === 'parquet'
        ? { S3GlueParquetTarget: { Name: 'Target', Inputs: [last], Path, Compression: 'snappy' } }
        : { S3DirectTarget: { Name: 'Target', Inputs: [last], Path, Format: 'csv' } },
  };
}

function copyOf(
  { mapping, from, to }: Conversion,
  folder: string,
  columns: readonly Column[],
  path: string,
): string {
  const taken = mapping?.map(({ key }) => key) ?? columns.map(({ Name }) => Name);
  const texts = columns.filter(({ Name, Type }) => Type === 'string' && taken.includes(Name as string));
  const list = mapping?.map(({ path: steps, key }) => `${steps.join('.')} AS ${key}`).join(', ') ?? '*';
  const as =
    to === 'parquet'
      ? 'FORMAT parquet, COMPRESSION snappy'
      : `FORMAT csv, HEADER true, FORCE_QUOTE (${texts.map(({ Name }) => Name).join(', ')})`;
  return `COPY (SELECT ${list} FROM ${from(folder, columns)}) TO '${path}' (${as})`;
}

/** Types as DuckDB calls them: those that the data have, as crawlers write them. */
function duckdbType(type = 'string'): string {
  const structure = /^struct<(.*)>$/.exec(type)?.[1];
  if (structure !== undefined) {
    const members = structure.split(',').map((member) => member.split(':') as [string, string]);
    return `STRUCT(${members.map(([name, of]) => `${name} ${duckdbType(of)}`).join(', ')})`;
  }
  const element = /^array<(.*)>$/.exec(type)?.[1];
  if (element !== undefined) return `${duckdbType(element)}[]`;
  return type === 'string' ? 'VARCHAR' : type.toUpperCase();
}

/** A conversion that lost something would be no faster for it. */
async function requireSameRows(
  duckdb: DuckDBConnection,
  format: 'parquet' | 'csv',
  job: string,
  raw: string,
): Promise<void> {
  const sums = async (path: string) => {
    const query = `SELECT count(*), sum(id), sum(humidity), sum(length(remark)), round(sum(temperature)) FROM read_${format}('${path}')`;
    return JSON.stringify((await duckdb.runAndReadAll(query)).getRowsJson());
  };
  const [ofJob, ofRaw] = [await sums(job), await sums(raw)];
  if (ofJob !== ofRaw) throw new Error(`The job wrote ${ofJob}, the COPY ${ofRaw}.`);
}

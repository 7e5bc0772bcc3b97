// INSERT INTO an Iceberg table: a query's rows as data files of its next snapshot.
import type { Table } from '@aws-sdk/client-glue';
import type { ExactMetadata } from '../../tabular/iceberg/exact-metadata.js';
import type { IcebergField } from '../../tabular/iceberg/iceberg-schema.js';
import { analyzed } from '../execution/analyzed-query.js';
import type { Outcome, StatementRun } from '../execution/statement-run.js';
import { inPlace } from '../select/query-text.js';
import type { Expression } from '../select/syntax.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { StatementOf } from '../statement/statement.js';
import { commitAppend, readIcebergVersion } from './iceberg-commit.js';
import { fieldIdsOption, icebergColumns, requiredValues } from './iceberg-columns.js';
import { icebergPartitioning, partitionValues } from './iceberg-partitions.js';
import { insertedValues } from './inserted-values.js';
import { parquetFormat } from './output-format.js';
import { rowCountsOf } from './row-counts.js';
import { sessionOf, writeRows } from './write-rows.js';

/** @throws as writeRows */
export async function insertIntoIceberg(
  table: Table,
  statement: StatementOf<'insert'>,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const { metadata } = readIcebergVersion(table, run.storage);
  const place = { database: table.DatabaseName as string, name: table.Name as string };
  const full = `${place.database}.${place.name}`;
  const fields = currentFields(metadata, full);
  const columns = icebergColumns(fields, full);
  const query = analyzed(inPlace(statement.query, statement.place), sessionOf(run), parameters);
  const wanted =
    statement.columns?.map((column) => column.toLowerCase()) ?? columns.map((column) => column.name);
  const values = requiredValues(insertedValues(wanted, columns, query.columns), fields);
  const spec = metadata['partition-specs'].find((each) => each['spec-id'] === metadata['default-spec-id']);
  const { partition, keys } = icebergPartitioning(spec?.fields ?? [], fields, values);
  return writeRows(query, run, {
    columns: values,
    keys,
    format: { ...icebergFormat(metadata, full), fieldIds: fieldIdsOption(columns, fields) },
    folderOf: () => `${metadata.location}/data/`,
    async recordInCatalog(files) {
      if (files.length === 0) return;
      const rowCounts = await rowCountsOf(files, run);
      const added = files.map(({ location, size, values: texts }) => ({
        location,
        size,
        rowCount: rowCounts.get(location) as number,
        partition: partitionValues(texts, partition),
      }));
      await commitAppend(place, metadata, added, partition, run);
    },
  });
}

function currentFields(metadata: ExactMetadata, full: string): IcebergField[] {
  const schema = metadata.schemas.find((each) => each['schema-id'] === metadata['current-schema-id']);
  if (schema) return schema.fields;
  throw new QueryFailure(`ICEBERG_INVALID_METADATA: Table ${full} has no current schema in its metadata`);
}

/** AWS docs, Creating Iceberg tables: `format` and `write_compression`; Iceberg's own names of them as well. */
function icebergFormat({ properties = {} }: ExactMetadata, full: string) {
  const format = properties.format ?? properties['write.format.default'] ?? 'parquet';
  if (!/^parquet$/i.test(format)) {
    throw new QueryFailure(
      `NOT_SUPPORTED: ${full} keeps its rows in the format ${format}, which queries cannot write into an Iceberg table here; Parquet can be written`,
    );
  }
  return parquetFormat(
    properties.write_compression ?? properties['write.parquet.compression-codec'] ?? ICEBERG_COMPRESSION,
  );
}

/** AWS docs, Compression support: what Iceberg tables are written with when nothing is said. */
export const ICEBERG_COMPRESSION = 'ZSTD';

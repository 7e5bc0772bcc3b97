// CREATE TABLE AS with table_type = 'ICEBERG': a query's rows as the first snapshot of a new Iceberg table.
import { icebergGlueColumns } from '../../tabular/iceberg/iceberg-columns.js';
import { parseExactMetadata } from '../../tabular/iceberg/exact-metadata.js';
import {
  icebergMetadata,
  icebergPartitionFields,
  type IcebergPartitionField,
  type IcebergTransform,
} from '../../tabular/iceberg/iceberg-metadata.js';
import { icebergFields, type IcebergField } from '../../tabular/iceberg/iceberg-schema.js';
import { analyzed } from '../execution/analyzed-query.js';
import type { Outcome, StatementRun } from '../execution/statement-run.js';
import { toHiveType } from '../select/hive-columns.js';
import { inPlace } from '../select/query-text.js';
import type { Expression } from '../select/syntax.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { PropertyValue, StatementOf } from '../statement/statement.js';
import { fieldIdsOption, icebergColumns } from './iceberg-columns.js';
import { nextVersion, written } from './iceberg-commit.js';
import { icebergPartitioning, partitionValues } from './iceberg-partitions.js';
import { ICEBERG_COMPRESSION } from './iceberg-target.js';
import { insertedValues } from './inserted-values.js';
import { outputColumn, requireDistinct } from './output-columns.js';
import { listProperty, parquetFormat, textProperty } from './output-format.js';
import { requireEmptyFolder } from './publish-files.js';
import { rowCountsOf } from './row-counts.js';
import { sessionOf, writeRows } from './write-rows.js';

type Properties = Record<string, PropertyValue>;

/** AWS docs, CREATE TABLE AS: those of Iceberg tables; what begins with these words becomes a property of the table. */
const KNOWN =
  /^(table_type|format|location|is_external|partitioning|write_compression|(vacuum|optimize|write|commit|read)[_.].+)$/;
const OF_THE_TABLE = /^((vacuum|optimize|write|commit|read)[_.].+|write_compression|format)$/;

/** @throws as writeRows */
export async function createIcebergTableAs(
  place: { database: string; name: string },
  properties: Properties,
  statement: StatementOf<'create-table-as'>,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  requireProperties(properties);
  const compression = textProperty(properties, 'write_compression') ?? ICEBERG_COMPRESSION;
  const folder = requireEmptyFolder(
    textProperty(properties, 'location') ?? `${run.record.outputLocation}/`,
    `table '${place.database}.${place.name}'`,
    run.storage,
  );
  const query = analyzed(inPlace(statement.query, statement.place), sessionOf(run), parameters);
  const given = query.columns.map((column, index) => outputColumn(column, index));
  requireDistinct(given);
  const { fields, lastColumnId } = icebergFields(
    given.map(({ name, type }) => ({ Name: name, Type: toHiveType(type) })),
  );
  const columns = icebergColumns(fields, `${place.database}.${place.name}`);
  const values = insertedValues(
    columns.map(({ name }) => name),
    columns,
    given,
  );
  const partitionFields = partitionFieldsOf(properties, fields);
  const { partition, keys } = icebergPartitioning(partitionFields, fields, values);
  const tableProperties = Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) =>
      OF_THE_TABLE.test(name) ? [[name, String(value)]] : [],
    ),
  );
  const metadata = parseExactMetadata(
    JSON.stringify(
      icebergMetadata({
        formatVersion: 2,
        uuid: run.ids.uuid(),
        location: folder.slice(0, -1),
        fields,
        lastColumnId,
        partitionFields,
        properties: tableProperties,
        createdAt: run.clock.now(),
      }),
    ),
  );
  return writeRows(
    statement.withData ? query : { ...query, sql: `SELECT * FROM (${query.sql}) AS q LIMIT 0` },
    run,
    {
      columns: values,
      keys,
      format: { ...parquetFormat(compression), fieldIds: fieldIdsOption(columns, fields) },
      folderOf: () => `${folder}data/`,
      async recordInCatalog(files) {
        const rowCounts = await rowCountsOf(files, run);
        const added = files.map(({ location, size, values: texts }) => ({
          location,
          size,
          rowCount: rowCounts.get(location) as number,
          partition: partitionValues(texts, partition),
        }));
        const first = nextVersion(metadata, { files: added, partition, manifests: [] }, run);
        await written(first.files, run.storage, () => {
          run.catalog.createTable(
            place.database,
            {
              Name: place.name,
              TableType: 'EXTERNAL_TABLE',
              Parameters: {
                ...tableProperties,
                table_type: 'ICEBERG',
                metadata_location: first.location,
              },
              StorageDescriptor: {
                Location: folder.slice(0, -1),
                Columns: icebergGlueColumns(fields),
              },
            },
            { createdBy: run.record.callerArn },
          );
          return true;
        });
      },
    },
  );
}

function requireProperties(properties: Properties): void {
  for (const name of Object.keys(properties)) {
    if (!KNOWN.test(name))
      throw new QueryFailure(
        `NOT_SUPPORTED: the table property '${name}' is not supported for Iceberg tables here`,
      );
  }
  // AWS docs, CREATE TABLE AS: it must be false for an Iceberg table, and is true when it is left out.
  if (String(properties.is_external ?? 'true').toLowerCase() !== 'false')
    throw new QueryFailure(`INVALID_TABLE_PROPERTY: Iceberg tables need the property is_external = false`);
  const format = textProperty(properties, 'format') ?? 'PARQUET';
  if (format.toUpperCase() !== 'PARQUET')
    throw new QueryFailure(
      `NOT_SUPPORTED: files of the format ${format} cannot be written into an Iceberg table here; PARQUET can`,
    );
}

/** @throws QueryFailure for what is no transform of one of the columns */
function partitionFieldsOf(properties: Properties, fields: readonly IcebergField[]): IcebergPartitionField[] {
  try {
    return icebergPartitionFields(listProperty(properties, 'partitioning').map(transformOf), fields);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new QueryFailure(`INVALID_TABLE_PROPERTY: ${error.message}`, 'execution', 2, 1000, {
      cause: error,
    });
  }
}

/** `country`, `month(ordered)`, `truncate(name, 3)`. */
function transformOf(text: string): IcebergTransform {
  const call = /^(year|month|day|hour|bucket|truncate)\(\s*([^(),]+?)\s*(?:,\s*(\d+)\s*)?\)$/.exec(text);
  const [, transform, column, count] = call ?? [];
  if (transform === undefined || column === undefined)
    return { transform: 'identity', column: unquoted(text) };
  return {
    transform: transform as IcebergTransform['transform'],
    column: unquoted(column),
    ...(count !== undefined && { count: Number(count) }),
  };
}

const unquoted = (name: string) => /^"(.*)"$/.exec(name)?.[1]?.replaceAll('""', '"') ?? name;

// SHOW CREATE TABLE: the statement that makes the table again, in the layout of Hive's (seen in Athena's answers).
import type { Column, SerDeInfo, Table } from '@aws-sdk/client-glue';
import { QueryFailure } from '../statement/query-failure.js';
import type { ObjectName } from '../statement/statement.js';
import type { DdlResult, DdlScope } from './ddl-scope.js';
import { notSupported } from './ddl-failure.js';
import { showCreateIcebergTable } from './show-create-iceberg-table.js';
import { isIceberg, isView, requireTable, written } from './named-object.js';
import { DELIMITER_PARAMETERS, LAZY_SIMPLE_SERDE, missingComment } from './storage-format.js';
import { back, quotedText } from './quoted-text.js';

/** @throws QueryFailure when the table is not there, or is a view */
export async function showCreateTable(scope: DdlScope, name: ObjectName): Promise<DdlResult> {
  const table = requireTable(scope, name);
  requireTableType(table);
  if (isView(table)) {
    throw notSupported(
      `SHOW CREATE TABLE is not for views, and ${written(name)} is one: use SHOW CREATE VIEW`,
    );
  }
  const text = isIceberg(table)
    ? await showCreateIcebergTable(scope, table)
    : createTableText(table, written(name));
  return {
    columns: [{ name: 'createtab_stmt', type: 'string' }],
    rows: text.split('\n').map((line) => [line]),
  };
}

/** AWS docs, Troubleshooting: tables that were made through Glue without a TableType. @throws QueryFailure */
export function requireTableType(table: Table): void {
  if (table.TableType === undefined || table.TableType === '') {
    throw new QueryFailure('FAILED: NullPointerException Name is null');
  }
}

/** The name stands as it was asked for, both parts in one pair of quotes. */
function createTableText(table: Table, name: string): string {
  const descriptor = table.StorageDescriptor ?? {};
  const comment = table.Parameters?.['comment'];
  const columns = columnLines(
    descriptor.Columns ?? [],
    missingComment(descriptor.SerdeInfo?.SerializationLibrary),
  );
  return [
    `CREATE EXTERNAL TABLE ${back(name)}(\n${columns})`,
    ...(comment === undefined ? [] : [`COMMENT ${quotedText(comment)}`]),
    ...(table.PartitionKeys?.length ? [`PARTITIONED BY ( \n${columnLines(table.PartitionKeys)})`] : []),
    ...bucketLines(table),
    ...formatLines(table),
    ...(descriptor.Location ? [`LOCATION\n  ${quotedText(descriptor.Location)}`] : []),
    ...propertyLines(table),
  ].join('\n');
}

function columnLines(columns: readonly Column[], commentMissing?: string): string {
  return columns
    .map(({ Name = '', Type = 'string', Comment = commentMissing }) => {
      const comment = Comment === undefined ? '' : ` COMMENT ${quotedText(Comment)}`;
      return `  ${back(Name)} ${Type}${comment}`;
    })
    .join(', \n');
}

function bucketLines({ StorageDescriptor: descriptor = {} }: Table): string[] {
  const { BucketColumns = [], SortColumns = [], NumberOfBuckets } = descriptor;
  if (BucketColumns.length === 0) return [];
  const sorted = SortColumns.map(
    ({ Column = '', SortOrder }) => `  ${back(Column)} ${SortOrder === 0 ? 'DESC' : 'ASC'}`,
  );
  return [
    `CLUSTERED BY ( \n${BucketColumns.map((column) => `  ${back(column)}`).join(', \n')}) `,
    ...(sorted.length > 0 ? [`SORTED BY ( \n${sorted.join(', \n')}) `] : []),
    `INTO ${NumberOfBuckets} BUCKETS`,
  ];
}

function formatLines({ StorageDescriptor: descriptor = {} }: Table): string[] {
  const { SerdeInfo = {}, InputFormat, OutputFormat } = descriptor;
  const classes =
    InputFormat === undefined || OutputFormat === undefined
      ? []
      : [
          `STORED AS INPUTFORMAT \n  ${quotedText(InputFormat)} `,
          `OUTPUTFORMAT \n  ${quotedText(OutputFormat)}`,
        ];
  return [...rowFormatLines(SerdeInfo), ...classes];
}

function rowFormatLines(serde: SerDeInfo): string[] {
  const delimiters = delimiterLines(serde);
  if (delimiters) return delimiters;
  const { SerializationLibrary } = serde;
  if (SerializationLibrary === undefined) return [];
  // Hive leaves out the value that a table has without being told.
  const parameters = Object.entries(serde.Parameters ?? {}).filter(
    ([key, value]) => key !== 'serialization.format' || value !== '1',
  );
  return [
    `ROW FORMAT SERDE \n  ${quotedText(SerializationLibrary)} `,
    ...(parameters.length > 0 ? [`WITH SERDEPROPERTIES ( \n${pairs(parameters)}) `] : []),
  ];
}

const DELIMITER_CLAUSES: Record<string, string> = {
  'field.delim': 'FIELDS TERMINATED BY',
  'escape.delim': 'ESCAPED BY',
  'colelction.delim': 'COLLECTION ITEMS TERMINATED BY',
  'mapkey.delim': 'MAP KEYS TERMINATED BY',
  'line.delim': 'LINES TERMINATED BY',
  'serialization.null.format': 'NULL DEFINED AS',
};

/** ROW FORMAT DELIMITED, if that is all there is to say of the SerDe. */
function delimiterLines({ SerializationLibrary, Parameters = {} }: SerDeInfo): string[] | undefined {
  const { 'serialization.format': format, ...delimiters } = Parameters;
  const fieldDelimiter = delimiters['field.delim'];
  const isSayable =
    SerializationLibrary === LAZY_SIMPLE_SERDE &&
    Object.keys(delimiters).length > 0 &&
    Object.keys(delimiters).every((key) => Object.hasOwn(DELIMITER_CLAUSES, key)) &&
    (format === undefined || format === (fieldDelimiter ?? '1')) &&
    (delimiters['escape.delim'] === undefined || fieldDelimiter !== undefined) &&
    (delimiters['line.delim'] ?? '\n') === '\n';
  if (!isSayable) return undefined;
  const clauses = DELIMITER_PARAMETERS.flatMap(([, name]) => {
    const value = delimiters[name];
    return value === undefined ? [] : [`  ${DELIMITER_CLAUSES[name]} ${quotedText(value)} `];
  });
  return ['ROW FORMAT DELIMITED ', ...clauses];
}

function propertyLines({ Parameters = {} }: Table): string[] {
  const shown = Object.entries(Parameters).filter(([key]) => key !== 'EXTERNAL' && key !== 'comment');
  return shown.length === 0 ? [] : [`TBLPROPERTIES (\n${pairs(shown)})`];
}

function pairs(entries: readonly [string, string][]): string {
  return [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `  ${quotedText(key)}=${quotedText(value)}`)
    .join(', \n');
}

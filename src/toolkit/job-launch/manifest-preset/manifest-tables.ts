// The four manifest tables of dataworks-aws-glue-launcher: their variables, their columns, and the SQL that makes them.

interface ManifestTable {
  /** What its variables' names have in them, and what a file of one's own is called. */
  nameVariables: readonly [string, ...string[]];
  locationVariable: string;
  file: string;
  columns: readonly string[];
}

const STRING = (...names: string[]) => names.map((name) => `\`${name}\` string`);
const BIGINT = (...names: string[]) => names.map((name) => `\`${name}\` bigint`);

export const MANIFEST_TABLES: readonly ManifestTable[] = [
  {
    nameVariables: ['MANIFEST_MISSING_IMPORTS_TABLE_NAME', 'MISSING_IMPORTS_TABLE_NAME'],
    locationVariable: 'MANIFEST_S3_INPUT_PARQUET_LOCATION_MISSING_IMPORT',
    file: 'create-missing-import-table.sql',
    columns: [
      ...STRING('id', 'database', 'collection'),
      ...BIGINT('export_timestamp'),
      ...STRING('export_component', 'export_type'),
    ],
  },
  {
    nameVariables: ['MANIFEST_MISSING_EXPORTS_TABLE_NAME', 'MISSING_EXPORTS_TABLE_NAME'],
    locationVariable: 'MANIFEST_S3_INPUT_PARQUET_LOCATION_MISSING_EXPORT',
    file: 'create-missing-export-table.sql',
    columns: [
      ...STRING('id', 'database', 'collection'),
      ...BIGINT('import_timestamp'),
      ...STRING('import_component', 'import_type'),
    ],
  },
  {
    nameVariables: ['MANIFEST_COUNTS_PARQUET_TABLE_NAME', 'COUNTS_TABLE_NAME'],
    locationVariable: 'MANIFEST_S3_INPUT_PARQUET_LOCATION_COUNTS',
    file: 'create-count-table.sql',
    columns: [
      ...STRING('database_collection', 'database', 'collection'),
      ...BIGINT(
        ...['imported_count', 'exported_count', 'exported_count_from_data_load'],
        ...['exported_count_from_streaming_feed', 'missing_imported_count', 'missing_exported_count'],
        ...['mismatched_timestamps_earlier_in_import_count', 'mismatched_timestamps_earlier_in_export_count'],
        ...['latest_import_timestamp', 'earliest_import_timestamp'],
        ...['latest_export_timestamp', 'earliest_export_timestamp'],
      ),
    ],
  },
  {
    nameVariables: ['MANIFEST_MISMATCHED_TIMESTAMPS_TABLE_NAME', 'MISMATCHED_TIMESTAMPS_TABLE_NAME'],
    locationVariable: 'MANIFEST_S3_INPUT_PARQUET_LOCATION_MISMATCHED_TIMESTAMPS',
    file: 'create-parquet-table.sql',
    columns: [
      ...STRING('id', 'database', 'collection'),
      ...BIGINT('import_timestamp'),
      ...STRING('import_source', 'import_component', 'import_type'),
      ...BIGINT('export_timestamp'),
      ...STRING('export_source', 'export_component', 'export_type'),
      ...BIGINT('earliest_timestamp', 'latest_timestamp'),
      ...STRING('earliest_manifest'),
    ],
  },
];

export function manifestTableSql({ columns }: ManifestTable): string {
  return [
    'CREATE EXTERNAL TABLE ${table} (',
    columns.map((column) => `  ${column}`).join(',\n'),
    ')',
    'STORED AS PARQUET',
    'LOCATION ${location}',
    `TBLPROPERTIES ('classification' = 'parquet', 'parquet.compress' = 'SNAPPY')`,
    '',
  ].join('\n');
}

/** SQL files written for the original have its placeholders, the location's in quotes of the file's own. */
export function convertedSql(sql: string): string {
  return sql
    .replaceAll('[table_name]', '${table}')
    .replace(/(['"])\[s3_input_location\]\1|\[s3_input_location\]/g, '${location}');
}

// STORED AS and ROW FORMAT as the catalog keeps them: classes of readers and writers, and their parameters.
import type { StorageDescriptor } from '@aws-sdk/client-glue';
import type { CreateTable, RowFormatDelimited } from '../statement/statement.js';
import { semanticFailure } from './ddl-failure.js';

export interface FormatClasses {
  inputFormat: string;
  outputFormat: string;
  serde: string;
}

export const LAZY_SIMPLE_SERDE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';

const TEXT: FormatClasses = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serde: LAZY_SIMPLE_SERDE,
};

/** By the word after STORED AS. AWS docs, CREATE TABLE: these and no others; classes as Hive's StorageFormatFactory. */
const FORMATS: Readonly<Record<string, FormatClasses>> = {
  TEXTFILE: TEXT,
  SEQUENCEFILE: {
    inputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat',
    serde: LAZY_SIMPLE_SERDE,
  },
  RCFILE: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.RCFileInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.RCFileOutputFormat',
    serde: 'org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe',
  },
  ORC: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
    serde: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
  },
  PARQUET: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  },
  AVRO: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
    serde: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe',
  },
  ION: {
    inputFormat: 'com.amazon.ionhiveserde.formats.IonInputFormat',
    outputFormat: 'com.amazon.ionhiveserde.formats.IonOutputFormat',
    serde: 'com.amazon.ionhiveserde.IonHiveSerDe',
  },
};

/** @throws QueryFailure for a word that is no format */
export function formatClasses(format: string): FormatClasses {
  const classes = FORMATS[format.toUpperCase()];
  if (!classes) throw semanticFailure(`Unrecognized file format in STORED AS clause: '${format}'`);
  return classes;
}

/** The SerDes whose columns are the catalog's; others tell them themselves. Hive, hive.serdes.using.metastore.for.schema. */
const SERDES_OF_CATALOG_COLUMNS = new Set([
  LAZY_SIMPLE_SERDE,
  'org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe',
  'org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe',
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
  'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
]);

/** What DESCRIBE and SHOW CREATE TABLE show for a column without a comment (seen in answers of both). */
export function missingComment(serde: string | undefined): string | undefined {
  return serde === undefined || SERDES_OF_CATALOG_COLUMNS.has(serde) ? undefined : 'from deserializer';
}

/** Members of ROW FORMAT DELIMITED and what LazySimpleSerDe calls them; the third is misspelt in Hive itself. */
export const DELIMITER_PARAMETERS: readonly [Exclude<keyof RowFormatDelimited, 'kind'>, string][] = [
  ['fieldDelimiter', 'field.delim'],
  ['escapeCharacter', 'escape.delim'],
  ['collectionItemDelimiter', 'colelction.delim'],
  ['mapKeyDelimiter', 'mapkey.delim'],
  ['lineDelimiter', 'line.delim'],
  ['nullFormat', 'serialization.null.format'],
];

/** The part of a table's descriptor that says how its files are read. @throws QueryFailure for what no reader can do */
export function formatDescriptor({ rowFormat, storedAs }: CreateTable): StorageDescriptor {
  const classes =
    storedAs?.kind === 'classes'
      ? { ...storedAs, serde: LAZY_SIMPLE_SERDE }
      : formatClasses(storedAs?.format ?? 'TEXTFILE');
  const isDelimited = rowFormat?.kind === 'delimited';
  const given = isDelimited ? delimiterParameters(rowFormat) : (rowFormat?.properties ?? {});
  const serde = rowFormat?.kind === 'serde' && rowFormat.library !== '' ? rowFormat.library : classes.serde;
  return {
    InputFormat: classes.inputFormat,
    OutputFormat: classes.outputFormat,
    SerdeInfo: {
      SerializationLibrary: serde,
      Parameters: { 'serialization.format': '1', ...given },
    },
  };
}

// Hive keeps the field's delimiter under two names.
function delimiterParameters(format: RowFormatDelimited): Record<string, string> {
  const { fieldDelimiter, lineDelimiter } = format;
  if (lineDelimiter !== undefined && lineDelimiter !== '\n') {
    throw semanticFailure("LINES TERMINATED BY only supports newline '\\n' right now");
  }
  const parameters: Record<string, string> = {};
  if (fieldDelimiter !== undefined) parameters['serialization.format'] = fieldDelimiter;
  for (const [member, name] of DELIMITER_PARAMETERS) {
    const value = format[member];
    if (value !== undefined) parameters[name] = value;
  }
  return parameters;
}

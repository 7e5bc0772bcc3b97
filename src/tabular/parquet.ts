// Classifier of Parquet files: everything it needs stands in the footer.
import { parquetMetadata, type FileMetaData } from 'hyparquet';
import { messageOf } from '../base/errors.js';
import type { Classifier } from './classifier.js';
import type { FileHead } from './file-head.js';
import type { TableFormat } from './file-schema.js';
import type { Counts } from './merge-schemas.js';
import { parquetColumns, type ParquetColumn } from './parquet-types.js';

const PARQUET_FORMAT: TableFormat = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
};

const MAGIC = 'PAR1';
const ENCRYPTED_MAGIC = 'PARE';

/** Footer length and magic number behind the footer. */
const TRAILER_BYTES = 8;
const TAIL_BYTES = 65_536;
/** A longer footer is refused; it would be the schema of a million columns. */
const FOOTER_BYTES_MAX = 256 * 1024 * 1024;

export const parquetClassifier: Classifier = {
  classification: 'parquet',
  classify(head) {
    const magic = head.storedStart.toString('latin1', 0, 4);
    if (magic === ENCRYPTED_MAGIC) return { notBecause: 'its footer is encrypted' };
    if (magic !== MAGIC) return { notBecause: `it does not begin with ${MAGIC}` };

    let columns: ParquetColumn[];
    let counts: Counts;
    try {
      const metadata = parquetMetadata(readFooter(head), { geoparquet: false });
      columns = parquetColumns(metadata.schema);
      counts = parquetCounts(head.sizeBytes, metadata);
    } catch (error) {
      return {
        notBecause: `it begins with ${MAGIC} but has no footer that can be read (${messageOf(error)})`,
      };
    }
    return {
      classification: 'parquet',
      compressionType: 'none',
      columns: columns.map(({ name, type }) => ({ name: name.toLowerCase(), type })),
      ...counts,
      format: PARQUET_FORMAT,
      serdeParameters: { 'serialization.format': '1' },
      formatParameters: {},
      compatibilityKey: 'parquet|none',
      sourceNames: columns.map(({ name }) => name),
      reasons: [`${columns.length} columns and ${counts.recordCount} rows in the footer.`],
    };
  },
};

/** The end of the file from its footer on. */
function readFooter(head: FileHead): Buffer {
  const tail = head.storedEnd(TAIL_BYTES);
  if (tail.length < TRAILER_BYTES || tail.toString('latin1', tail.length - 4) !== MAGIC) {
    throw new Error(`it does not end with ${MAGIC}`);
  }
  const footerBytes = tail.readUInt32LE(tail.length - TRAILER_BYTES) + TRAILER_BYTES;
  if (footerBytes > Math.min(head.sizeBytes, FOOTER_BYTES_MAX)) {
    throw new Error(`a footer of ${footerBytes} bytes in a file of ${head.sizeBytes}`);
  }
  return footerBytes <= tail.length ? tail : head.storedEnd(footerBytes);
}

/**
 * recordCount is exact. averageRecordSize is what a row takes uncompressed: public crawled tables have averages above
 * file size over rows, so AWS does not divide the file size; that it is this sum is an assumption.
 */
function parquetCounts(sizeKey: number, { num_rows, row_groups }: FileMetaData): Counts {
  const recordCount = Number(num_rows);
  const bytes = row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0);
  return { sizeKey, recordCount, averageRecordSize: recordCount === 0 ? 0 : Math.floor(bytes / recordCount) };
}

// ROW FORMAT and STORED AS of CREATE TABLE.
import type { HiveReader } from './hive-reader.js';
import { propertyList } from './properties.js';
import type { RowFormatDelimited, RowFormatSerde, StoredAs } from './statement.js';

/** What follows ROW FORMAT. */
export function rowFormat(reader: HiveReader): RowFormatSerde | RowFormatDelimited {
  if (reader.takeWords('SERDE')) return serde(reader);
  if (reader.takeWords('DELIMITED')) return delimited(reader);
  return reader.fail('serde specification');
}

function serde(reader: HiveReader): RowFormatSerde {
  const library = reader.string('serde format specification');
  const properties = reader.takeWords('WITH', 'SERDEPROPERTIES')
    ? propertyList(reader, 'serde properties specification')
    : {};
  return { kind: 'serde', library, properties };
}

// Hive takes these in this order only.
function delimited(reader: HiveReader): RowFormatDelimited {
  const format: RowFormatDelimited = { kind: 'delimited' };
  const terminator = (rule: string) => {
    reader.expectWords(rule, 'TERMINATED', 'BY');
    return reader.string(rule);
  };
  if (reader.takeWords('FIELDS')) {
    format.fieldDelimiter = terminator("table row format's field separator");
    if (reader.takeWords('ESCAPED', 'BY')) {
      format.escapeCharacter = reader.string("table row format's field separator");
    }
  }
  if (reader.takeWords('COLLECTION', 'ITEMS')) {
    format.collectionItemDelimiter = terminator("table row format's column separator");
  }
  if (reader.takeWords('MAP', 'KEYS'))
    format.mapKeyDelimiter = terminator("table row format's map key separator");
  if (reader.takeWords('LINES')) format.lineDelimiter = terminator("table row format's line separator");
  if (reader.takeWords('NULL', 'DEFINED', 'AS')) {
    format.nullFormat = reader.string("table row format's null specifier");
  }
  return format;
}

/** What follows STORED AS. */
export function storedAs(reader: HiveReader): StoredAs {
  const rule = 'file format specification';
  if (!reader.takeWords('INPUTFORMAT')) return { kind: 'format', format: reader.name(rule) };
  const inputFormat = reader.string(rule);
  reader.expectWords(rule, 'OUTPUTFORMAT');
  return { kind: 'classes', inputFormat, outputFormat: reader.string(rule) };
}

// How delimited text is to be read, by what its SerDe is told.
import type { StorageDescriptor, Table } from '@aws-sdk/client-glue';

export interface DelimitedFormat {
  kind: 'delimited';
  delimiter: string;
  escape?: string;
  collectionDelimiter: string;
  mapKeyDelimiter: string;
  nullText: string;
  skipLines: number;
}

export interface QuotedCsvFormat {
  kind: 'quoted-csv';
  delimiter: string;
  quote: string;
  escape: string;
  skipLines: number;
}

const DELIMITED = new Set([
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
  'org.apache.hadoop.hive.serde2.MetadataTypedColumnsetSerDe',
]);
const QUOTED_CSV = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';

/** Undefined for a SerDe of something else. */
export function delimitedFormat(
  table: Pick<Table, 'Parameters'>,
  { SerdeInfo }: Pick<StorageDescriptor, 'SerdeInfo'>,
): DelimitedFormat | QuotedCsvFormat | undefined {
  const library = SerdeInfo?.SerializationLibrary ?? '';
  const parameters = SerdeInfo?.Parameters ?? {};
  const skipLines = skippedLines(table, parameters);
  if (library === QUOTED_CSV) {
    return {
      kind: 'quoted-csv',
      delimiter: parameters.separatorChar ?? ',',
      quote: parameters.quoteChar ?? '"',
      escape: parameters.escapeChar ?? '\\',
      skipLines,
    };
  }
  if (!DELIMITED.has(library)) return undefined;
  const escape = parameters['escape.delim'];
  return {
    kind: 'delimited',
    delimiter: character(parameters['field.delim'] ?? parameters['serialization.format'], '\u0001'),
    // Hive's own spelling of the parameter lacks a letter.
    collectionDelimiter: character(
      parameters['colelction.delim'] ?? parameters['collection.delim'],
      '\u0002',
    ),
    mapKeyDelimiter: character(parameters['mapkey.delim'], '\u0003'),
    nullText: parameters['serialization.null.format'] ?? '\\N',
    skipLines,
    ...(escape !== undefined && { escape: character(escape, '\\') }),
  };
}

function skippedLines({ Parameters }: Pick<Table, 'Parameters'>, parameters: Record<string, string>): number {
  const text = Parameters?.['skip.header.line.count'] ?? parameters['skip.header.line.count'] ?? '0';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/** A delimiter is the character, its escape, or its code: `,`, `\t`, `1`. */
function character(text: string | undefined, otherwise: string): string {
  if (text === undefined || text === '') return otherwise;
  if (text === '\\t') return '\t';
  return /^\d+$/.test(text) && Number(text) < 128 ? String.fromCharCode(Number(text)) : text;
}

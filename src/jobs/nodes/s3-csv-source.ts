// S3CsvSource: CSV files whose columns are text, named by their header line or by their position.
import type { QuoteChar, S3CsvSource, Separator } from '@aws-sdk/client-glue';
import { primitive } from '../../tabular/hive-type.js';
import type { CsvFormat } from '../plan/file-format.js';
import type { Column, ScanFile } from '../plan/plan.js';
import { NO_INPUT, type NodeContext, type RelationKind } from './node-kind.js';
import { S3_MEMBERS, scanS3Paths } from './s3-paths.js';

const SEPARATORS: Record<Separator, string> = {
  comma: ',',
  ctrla: '\u0001',
  pipe: '|',
  semicolon: ';',
  tab: '\t',
};

/** `quillemet` is AWS's spelling of guillemet. */
const QUOTES: Record<QuoteChar, string | undefined> = {
  disabled: undefined,
  quillemet: '«',
  quote: '"',
  single_quote: "'",
};

export const s3CsvSource: RelationKind<'S3CsvSource'> = {
  kind: 'S3CsvSource',
  role: 'source',
  inputCount: NO_INPUT,
  members: {
    ...S3_MEMBERS,
    Separator: 'used',
    Escaper: 'used',
    QuoteChar: 'used',
    // Quoted line breaks are always read; without it, AWS Glue only splits files differently.
    Multiline: 'no-effect',
    WithHeader: 'used',
    // Belongs to writers: a source has nothing to write.
    WriteHeader: 'no-effect',
    SkipFirst: 'used',
    OptimizePerformance: 'no-effect',
  },
  compile: (node, _inputs, context) => {
    const format = csvFormat(node, context);
    const headerLines = node.WithHeader ? 1 : 0;
    const skipLines = headerLines + (node.SkipFirst ? 1 : 0);
    return scanS3Paths(node, context, (files) => {
      const headers = files.map((file) => context.inspector.csvHeader(file, format) ?? []);
      const columns = node.WithHeader ? namedColumns(files, headers) : numberedColumns(headers);
      return { columns, format: { ...format, skipLines } };
    });
  },
};

function csvFormat(node: S3CsvSource, context: NodeContext): CsvFormat {
  const delimiter = node.Separator && SEPARATORS[node.Separator];
  if (delimiter === undefined) throw context.error(`Separator "${node.Separator}" is unknown.`);
  if (node.QuoteChar !== undefined && !(node.QuoteChar in QUOTES)) {
    throw context.error(`QuoteChar "${node.QuoteChar}" is unknown.`);
  }
  const quote = node.QuoteChar && QUOTES[node.QuoteChar];
  if (quote === '«') {
    throw context.error('QuoteChar "quillemet" is not supported; use quote, single_quote or disabled.');
  }
  const escape = node.Escaper === undefined || /^(none|)$/i.test(node.Escaper) ? undefined : node.Escaper;
  if (escape !== undefined && escape.length !== 1) {
    throw context.error(`Escaper "${escape}" is not a single character.`);
  }
  return { kind: 'csv', delimiter, skipLines: 0, ...(quote && { quote }), ...(escape && { escape }) };
}

/** Each file's fields go by its own header, as a DynamicFrame's records do. */
function namedColumns(files: ScanFile[], headers: string[][]): Column[] {
  const indexes = new Map<string, number>();
  for (const [at, file] of files.entries()) {
    const names = uniqueNames(headers[at] as string[]);
    for (const name of names) if (!indexes.has(name)) indexes.set(name, indexes.size);
    file.fieldColumns = names.map((name) => indexes.get(name) as number);
  }
  return [...indexes.keys()].map((name) => ({ name, type: primitive('string') }));
}

function uniqueNames(header: string[]): string[] {
  const seen = new Set<string>();
  return header.map((cell, index) => {
    const name = cell === '' || seen.has(cell) ? `col${index}` : cell;
    seen.add(name);
    return name;
  });
}

/** AWS Glue calls the fields of a file without header `col0`, `col1`, ... */
function numberedColumns(headers: string[][]): Column[] {
  const fieldCount = Math.max(...headers.map((header) => header.length));
  return Array.from({ length: fieldCount }, (_, index) => ({
    name: `col${index}`,
    type: primitive('string'),
  }));
}

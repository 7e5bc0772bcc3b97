// JSON, objects one a line or in a list: members by the columns' names, without regard to case.
import type { StorageDescriptor } from '@aws-sdk/client-glue';
import { duckdbText } from '../../../tabular/duckdb-text.js';
import type { Scan, SourceColumn } from './relation.js';
import type { TextCompression } from './text-compression.js';

export function jsonScan(
  descriptor: StorageDescriptor,
  columns: readonly SourceColumn[],
  { paths, compression }: { paths: readonly string[]; compression: TextCompression },
): Scan {
  const parameters = descriptor.SerdeInfo?.Parameters ?? {};
  const options = [
    `[${paths.map(duckdbText).join(', ')}]`,
    `format = 'auto'`,
    'hive_partitioning = false',
    `compression = '${compression}'`,
    `ignore_errors = ${parameters['ignore.malformed.json']?.toLowerCase() === 'true'}`,
  ];
  // Keys as the files spell them stand in what crawlers write.
  const spelled = new Map((parameters.paths ?? '').split(',').map((key) => [key.toLowerCase(), key]));
  // A text or a number in place of an object would be a row of nulls.
  const object = `CASE WHEN json_type(json) = 'OBJECT' THEN json ELSE error('A record of a JSON file is no object: ' || left(CAST(json AS VARCHAR), 80)) END`;
  const values = columns.map(({ name, duckdbType }) => {
    const key = parameters[`mapping.${name}`] ?? spelled.get(name) ?? name;
    const member = `json_extract(${object}, ${duckdbText(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)})`;
    if (duckdbType === 'VARCHAR') return `(${member} ->> '$')`;
    const isNested = /[([]/.test(duckdbType.replace(/^DECIMAL\(.*\)$/, ''));
    return isNested ? `CAST(${member} AS ${duckdbType})` : `CAST((${member} ->> '$') AS ${duckdbType})`;
  });
  return { from: `read_json_objects(${options.join(', ')})`, values };
}

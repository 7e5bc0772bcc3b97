// JSON, objects one a line or in a list: members by the columns' names, without regard to case.
import type { StorageDescriptor } from '@aws-sdk/client-glue';
import { duckdbText } from '../../../tabular/duckdb-text.js';
import { parseDuckdbType } from '../../../tabular/duckdb-type.js';
import { DOUBLE_DIGITS, exactDigits, exactMembers, orOtherCase } from '../../../tabular/json-member.js';
import { jsonValue } from './json-value.js';
import type { SourceColumn } from './relation.js';
import type { TextScan } from './stage-text.js';
import type { TextCompression } from './text-compression.js';

export function jsonScan(
  descriptor: StorageDescriptor,
  columns: readonly SourceColumn[],
  { paths, compression }: { paths: readonly string[]; compression: TextCompression },
): TextScan {
  const parameters = descriptor.SerdeInfo?.Parameters ?? {};
  const options = [
    `[${paths.map(duckdbText).join(', ')}]`,
    `format = 'auto'`,
    'hive_partitioning = false',
    `compression = '${compression}'`,
    `ignore_errors = ${parameters['ignore.malformed.json']?.toLowerCase() === 'true'}`,
  ];
  const isCaseSensitive = parameters['case.insensitive']?.toLowerCase() === 'false';
  const keys = columns.map(({ name }) => parameters[`mapping.${name}`] ?? name);
  const values = columns.map(({ name, duckdbType }, index) => {
    const key = keys[index] as string;
    const exact = `members[${index + 1}]`;
    const member = isCaseSensitive ? exact : orOtherCase(exact, 'record', key, 'k');
    const value = jsonValue(member, parseDuckdbType(duckdbType), name);
    const precision = Number(/^DECIMAL\((\d+),/.exec(duckdbType)?.[1] ?? 0);
    if (precision <= DOUBLE_DIGITS) return value;
    return `coalesce(TRY_CAST(${exactDigits('record', member, key)} AS ${duckdbType}), ${value})`;
  });
  // A text or a number in place of an object would be a row of nulls.
  const record = `CASE WHEN json_type(json) = 'OBJECT' THEN json WHEN json IS NOT NULL THEN error('A record of a JSON file is no object: ' || left(CAST(json AS VARCHAR), 80)) END`;
  return {
    from:
      `(SELECT record, ${exactMembers('record', keys)} AS members, file_index FROM ` +
      `(SELECT ${record} AS record, file_index AS file_index FROM read_json_objects(${options.join(', ')})))`,
    values,
    doubts: [],
  };
}

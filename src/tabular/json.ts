// Classifier of JSON: objects one a line or over many lines, or arrays of them.
import type { Classifier, NotThisFormat } from './classifier.js';
import { SAMPLE_RECORDS_MAX } from './file-head.js';
import type { FileColumn } from './file-schema.js';
import type { JsonObservation } from './json-observation.js';
import { readJsonRecords, type JsonFailure, type JsonRecords } from './json-records.js';
import { mergeHiveTypes } from './merge-hive-types.js';
import { formatPaths } from './merge-schemas.js';
import { textCounts } from './text-counts.js';
import { textFormat, textStart } from './text-format.js';

export const JSON_SERDE = 'org.openx.data.jsonserde.JsonSerDe';

/** What a column that holds a top-level array is called (seen in crawled tables; the manual prints `record`). */
const ARRAY_COLUMN = 'array';

export const jsonClassifier: Classifier = {
  classification: 'json',
  classify(head) {
    const text = head.text();
    const { bytes, isWhole } = text;
    const start = textStart(bytes);
    if (!beginsLikeJson(bytes, start)) return { notBecause: 'it begins with neither an object nor an array' };
    const records = readJsonRecords(bytes, start, SAMPLE_RECORDS_MAX);
    const { recordCount, failure } = records;
    if (failure && (!failure.isCut || recordCount === 0)) return whyNot(failure, recordCount, isWhole);

    const { columns, sourceNames } = describeColumns(records);
    return {
      classification: 'json',
      compressionType: head.compressionType,
      columns,
      ...textCounts(head, text, Math.floor(bytes.length / recordCount)),
      format: textFormat(JSON_SERDE),
      serdeParameters: { paths: formatPaths(sourceNames) },
      formatParameters: {},
      compatibilityKey: `json|${head.compressionType}`,
      sourceNames,
      ...(failure && isWhole
        ? { damage: `the file ends within record ${recordCount + 1}, which is left out (${failure.reason})` }
        : {}),
      reasons: [`${columns.length} columns from ${recordCount} JSON records.`],
    };
  },
};

function beginsLikeJson(bytes: Buffer, start: number): boolean {
  return /^\s*[{[]/.test(bytes.toString('latin1', start, Math.min(bytes.length, start + 1024)));
}

function whyNot(
  { isCut, reason, offset }: JsonFailure,
  recordCount: number,
  isWhole: boolean,
): NotThisFormat {
  if (isCut && !isWhole) {
    return { notBecause: `its first record does not end within the ${offset} bytes that a crawler looks at` };
  }
  const notBecause = `record ${recordCount + 1} is broken at byte ${offset}: ${reason}`;
  return { notBecause, isDamaged: isCut || recordCount > 0 };
}

interface DescribedColumns {
  columns: FileColumn[];
  sourceNames: string[];
}

function describeColumns({ objects, arrays }: JsonRecords): DescribedColumns {
  return describeObserved(objects, arrays.kinds === 0 ? undefined : arrays);
}

/** Members of the objects in order of first appearance, names in lower case; names that differ in case share a column. */
export function describeObserved(objects: JsonObservation, arrays?: JsonObservation): DescribedColumns {
  const columns = new Map<string, FileColumn>();
  const sourceNames: string[] = [];
  const add = (sourceName: string, type: FileColumn['type']) => {
    const name = sourceName.toLowerCase();
    const known = columns.get(name);
    columns.set(name, { name, type: known ? mergeHiveTypes(known.type, type) : type });
    sourceNames.push(sourceName);
  };
  for (const { name, observation } of objects.members) add(name, observation.toHiveType());
  if (arrays) add(ARRAY_COLUMN, arrays.toHiveType());
  return { columns: [...columns.values()], sourceNames };
}

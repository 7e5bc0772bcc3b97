// Which values of a file made the type of a column: for people who wonder why it is not a number.
import { csvCellText } from './csv-header.js';
import { splitCsvRecords } from './csv-records.js';
import { csvCellKind, csvHiveType, EMPTY } from './csv-types.js';
import { SAMPLE_RECORDS_MAX, withFileHead, type FileHead, type TableFile } from './file-head.js';
import type { FileSchema } from './file-schema.js';
import { formatHiveType } from './hive-type.js';
import { JsonObservation } from './json-observation.js';
import { observeNode, readJsonTrees, type JsonNode } from './json-tree.js';
import { textStart } from './text-format.js';

export interface FoundValue {
  /** What the value is by itself. */
  type: string;
  /** As the file has it, shortened. */
  value: string;
  /** Which record, from 1. */
  record: number;
}

const VALUE_CHARACTERS_MAX = 60;

/**
 * The first value of each type in the column; none for formats whose types stand in the file itself. JSON values that are
 * structures are told by their type alone.
 */
export function findValues(file: TableFile, schema: FileSchema, column: string): FoundValue[] {
  switch (schema.classification) {
    case 'csv':
      return withFileHead(file, (head) => valuesOfCsv(head, schema, column));
    case 'json':
      return withFileHead(file, (head) => valuesOfJson(head, column));
    default:
      return [];
  }
}

function valuesOfCsv(
  head: FileHead,
  { formatParameters, columns }: FileSchema,
  column: string,
): FoundValue[] {
  const place = columns.findIndex(({ name }) => name === column);
  const { bytes, isWhole } = head.text();
  const delimiter = (formatParameters.delimiter ?? ',').charCodeAt(0);
  const { cells, firstCells, recordBytes } = splitCsvRecords(
    bytes,
    textStart(bytes),
    delimiter,
    isWhole,
    SAMPLE_RECORDS_MAX,
  );
  const found = new Map<number, FoundValue>();
  const skipped = Number(formatParameters['skip.header.line.count'] ?? 0);
  for (let record = skipped; record < recordBytes.length; record++) {
    const cell = firstCells[record]! + place * 2;
    if (cell >= firstCells[record + 1]!) continue;
    const kind = csvCellKind(bytes, cells[cell]!, cells[cell + 1]!);
    if (kind === EMPTY || found.has(kind)) continue;
    const value = shorten(csvCellText(bytes, cells[cell]!, cells[cell + 1]!));
    found.set(kind, { type: formatHiveType(csvHiveType(kind)), value, record: record + 1 });
  }
  return [...found.values()];
}

function valuesOfJson(head: FileHead, column: string): FoundValue[] {
  const { bytes } = head.text();
  const { roots } = readJsonTrees(bytes.toString('utf8', textStart(bytes)));
  const found = new Map<string, FoundValue>();
  for (const [index, root] of roots.slice(0, SAMPLE_RECORDS_MAX).entries()) {
    const node = memberOf(root, column);
    if (!node || (node.kind === 'scalar' && node.bit === 0)) continue;
    const observation = new JsonObservation();
    observeNode(node, observation);
    const type = formatHiveType(observation.toHiveType());
    if (!found.has(type))
      found.set(type, { type, value: node.kind === 'scalar' ? type : node.kind, record: index + 1 });
  }
  return [...found.values()];
}

function memberOf(root: JsonNode, column: string): JsonNode | undefined {
  if (root.kind === 'array') return column === 'array' ? root : undefined;
  if (root.kind !== 'object') return undefined;
  return root.members.find(([name]) => name.toLowerCase() === column)?.[1];
}

function shorten(text: string): string {
  return text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX)}...` : text;
}

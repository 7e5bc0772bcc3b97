// Classifier of JSON whose rows a path selects.
import type { Classifier } from './classifier.js';
import { SAMPLE_RECORDS_MAX } from './file-head.js';
import { JsonObservation, STRUCT } from './json-observation.js';
import { parseJsonPath, selectNodes } from './json-path.js';
import { observeNode, readJsonTrees } from './json-tree.js';
import { describeObserved, JSON_SERDE } from './json.js';
import { formatPaths } from './merge-schemas.js';
import { textCounts } from './text-counts.js';
import { isBinary, textFormat, textStart } from './text-format.js';

/** AWS docs, example of a JSON classifier that selects scalars: they are a column of this name. */
const SCALAR_COLUMN = 'record';

/** @throws Error that says what of the path cannot be read */
export function jsonPathClassifier(jsonPath: string): Classifier {
  const steps = parseJsonPath(jsonPath);
  return {
    classification: 'json',
    classify(head) {
      const text = head.text();
      const { bytes, isWhole } = text;
      if (isBinary(bytes)) return { notBecause: 'it holds zero bytes, so it is no text' };
      const content = bytes.toString('utf8', textStart(bytes));
      if (!/^\s*[{[]/.test(content)) return { notBecause: 'it begins with neither an object nor an array' };
      const { roots, failure } = readJsonTrees(content);
      if (failure && !failure.isCut) {
        return {
          notBecause: `it is broken at character ${failure.offset + 1}: ${failure.reason}`,
          isDamaged: true,
        };
      }
      const rows = roots.flatMap((root) => selectNodes(root, steps)).slice(0, SAMPLE_RECORDS_MAX);
      if (rows.length === 0) return { notBecause: `the path ${jsonPath} selects nothing in it` };
      const observation = new JsonObservation();
      for (const row of rows) observeNode(row, observation);
      const { columns, sourceNames } =
        observation.kinds === STRUCT
          ? describeObserved(observation)
          : {
              columns: [{ name: SCALAR_COLUMN, type: observation.toHiveType() }],
              sourceNames: [SCALAR_COLUMN],
            };
      return {
        classification: 'json',
        compressionType: head.compressionType,
        columns,
        ...textCounts(head, text, Math.max(1, Math.floor(bytes.length / rows.length))),
        format: textFormat(JSON_SERDE),
        serdeParameters: { paths: formatPaths(sourceNames) },
        // A guess: that the path is kept under this name.
        formatParameters: { jsonPath },
        compatibilityKey: `json|${head.compressionType}|${jsonPath}`,
        sourceNames,
        ...(failure && isWhole ? { damage: `the file ends too early (${failure.reason})` } : {}),
        reasons: [`${columns.length} columns from ${rows.length} rows that ${jsonPath} selects.`],
      };
    },
  };
}

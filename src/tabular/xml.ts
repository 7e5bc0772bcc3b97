// Classifier of XML: rows are the elements of one name.
import type { Classifier } from './classifier.js';
import { SAMPLE_RECORDS_MAX } from './file-head.js';
import type { TableFormat } from './file-schema.js';
import { textCounts } from './text-counts.js';
import { isBinary, textStart } from './text-format.js';
import { readXml, xmlRows, xmlType, type XmlElement } from './xml-records.js';

/** A guess: no table of XML is known, and Hive has no reader of its own for it, so the formats stay empty. */
const XML_FORMAT: TableFormat = { inputFormat: '', outputFormat: '', serializationLibrary: '' };

/** HTML leaves elements open, as XML may not; such a page is whole, and no XML. */
const HTML_BEGINNING = /^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+)?html[\s>]/is;

export interface XmlDefinition {
  classification: string;
  /** Without one, the first name that repeats among siblings. */
  rowTag?: string | undefined;
}

export function xmlClassifier({ classification, rowTag: wantedTag }: XmlDefinition): Classifier {
  return {
    classification,
    classify(head) {
      const text = head.text();
      const { bytes, isWhole } = text;
      if (isBinary(bytes)) return { notBecause: 'it holds zero bytes, so it is no text' };
      const start = textStart(bytes);
      const opening = bytes.toString('latin1', start, Math.min(bytes.length, start + 4096));
      const document = opening.trimStart().startsWith('<')
        ? readXml(bytes.toString('utf8', start))
        : undefined;
      if (!document) return { notBecause: 'it does not begin with an element' };
      const { root, failure } = document;
      const isDamaged = failure !== undefined && !HTML_BEGINNING.test(opening);
      if (failure && !failure.isCut) return { notBecause: failure.reason, isDamaged };
      const rowTag = wantedTag ?? repeatedName(root);
      const rows = xmlRows(root, rowTag, SAMPLE_RECORDS_MAX);
      if (rows.length === 0) {
        return {
          notBecause: `it holds no whole element <${rowTag}> that has an end tag`,
          isDamaged,
        };
      }
      const type = xmlType(rows);
      const members = type.kind === 'struct' ? type.members : [{ name: rowTag, type }];
      const columns = new Map(members.map((member) => [member.name.toLowerCase(), member.type]));
      return {
        classification,
        compressionType: head.compressionType,
        columns: [...columns].map(([name, columnType]) => ({ name, type: columnType })),
        ...textCounts(head, text, xmlRecordSize(bytes.length, rows.length)),
        format: XML_FORMAT,
        serdeParameters: { rowTag },
        formatParameters: { rowTag },
        compatibilityKey: `${classification}|${head.compressionType}|${rowTag}`,
        sourceNames: members.map(({ name }) => name),
        ...(failure && isWhole ? { damage: `the file ends too early (${failure.reason})` } : {}),
        reasons: [`${columns.size} columns from ${rows.length} elements <${rowTag}>.`],
      };
    },
  };
}

export const builtInXmlClassifier = xmlClassifier({ classification: 'xml' });

/** A guess: AWS documents only that the tags of the document determine the schema. */
function repeatedName(root: XmlElement): string {
  for (
    let level: XmlElement[] = [root];
    level.length > 0;
    level = level.flatMap(({ children }) => children)
  ) {
    for (const { children } of level) {
      const seen = new Set<string>();
      for (const { name } of children) {
        if (seen.has(name)) return name;
        seen.add(name);
      }
    }
  }
  return root.name;
}

/** A guess: as JSON files are counted, by the bytes looked at over the rows in them. */
function xmlRecordSize(byteCount: number, rowCount: number): number {
  return Math.max(1, Math.floor(byteCount / rowCount));
}

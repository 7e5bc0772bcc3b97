// Classifiers of log files: by a grok pattern that every line follows.
import type { Classifier } from './classifier.js';
import { SAMPLE_RECORDS_MAX } from './file-head.js';
import { compileGrok, type Grok } from './grok.js';
import { textCounts } from './text-counts.js';
import { isBinary, textFormat, textStart } from './text-format.js';
import { firstLines } from './text-lines.js';

/** AWS docs: tables of grok classifiers have this library. */
const GROK_SERDE = 'com.amazonaws.glue.serde.GrokSerDe';

/** A line that is longer is no line of a log, and regular expressions would take too long on it. */
const LINE_BYTES_MAX = 65_536;
const SHOWN_CHARACTERS = 80;

export interface GrokDefinition {
  classification: string;
  grokPattern: string;
  customPatterns?: string | undefined;
  /** What else the file must be like. */
  isLikely?: (firstLine: string) => boolean;
}

/** @throws Error that says what of the pattern cannot be read */
export function grokClassifier(definition: GrokDefinition): Classifier {
  const { classification, grokPattern, customPatterns, isLikely } = definition;
  const grok = compileGrok(grokPattern, customPatterns);
  return {
    classification,
    classify(head) {
      const text = head.text();
      if (isBinary(text.bytes)) return { notBecause: 'it holds zero bytes, so it is no text' };
      const start = textStart(text.bytes);
      const [first] = firstLines(text.bytes, start, text.isWhole, 1).lines;
      if (first === undefined) return { notBecause: 'it has no whole line' };
      if (isLikely && !isLikely(first))
        return { notBecause: `its first line is not like one of ${classification}` };
      // Most files are no logs, which their first line tells.
      if (first.length > LINE_BYTES_MAX || !grok.matches(first)) {
        return { notBecause: `line 1 does not follow the pattern: ${shorten(first)}` };
      }
      const { lines, lineBytes } = firstLines(text.bytes, start, text.isWhole, SAMPLE_RECORDS_MAX);
      const odd = lines.findIndex((line, index) => lineBytes[index]! > LINE_BYTES_MAX || !grok.matches(line));
      if (odd >= 0) {
        return {
          notBecause: `line ${odd + 1} does not follow the pattern: ${shorten(lines[odd] as string)}`,
        };
      }
      return {
        classification,
        compressionType: head.compressionType,
        columns: columnsOf(grok),
        ...textCounts(head, text, logRecordSize(lineBytes)),
        format: textFormat(GROK_SERDE),
        serdeParameters: {
          'input.format': grokPattern,
          ...(customPatterns ? { 'input.grokCustomPatterns': customPatterns } : {}),
        },
        formatParameters: {},
        compatibilityKey: `${classification}|${head.compressionType}|${grokPattern}`,
        sourceNames: grok.fields.map(({ name }) => name),
        reasons: [`All of the ${lines.length} lines that were looked at follow the pattern ${grokPattern}.`],
      };
    },
  };
}

// Names in lower case, as those of every other format.
function columnsOf({ fields }: Grok) {
  const columns = new Map(fields.map(({ name, type }) => [name.toLowerCase(), type]));
  return [...columns].map(([name, type]) => ({ name, type }));
}

/** A guess: that lines of logs are averaged as those of CSV files are, by the first three. No table of logs is known. */
export function logRecordSize(lineBytes: readonly number[]): number {
  const averaged = lineBytes.slice(0, 3);
  return Math.max(1, Math.floor(averaged.reduce((sum, size) => sum + size, 0) / averaged.length));
}

function shorten(line: string): string {
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}...` : line;
}

// PREPARE, EXECUTE, DEALLOCATE and EXPLAIN: statements about statements.
import { requireClosedQuotes, restOfText, skipToClosing } from './query-statements.js';
import type { QueryBody, Statement } from './statement.js';
import type { TrinoReader } from './trino-reader.js';

/** What follows PREPARE. `parse` reads the statement that is prepared, at its place in the source. */
export function prepare(reader: TrinoReader, parse: () => Statement): QueryBody {
  const name = reader.name();
  reader.expectWords('FROM');
  return { kind: 'prepare', name, ...embedded(reader, parse) };
}

/** What follows EXPLAIN. */
export function explain(reader: TrinoReader, parse: () => Statement): QueryBody {
  const isAnalyze = reader.takeWords('ANALYZE');
  if (isAnalyze) reader.takeWords('VERBOSE');
  return { kind: 'explain', isAnalyze, options: explainOptions(reader), ...embedded(reader, parse) };
}

function embedded(reader: TrinoReader, parse: () => Statement): { text: string; statement: Statement } {
  const statement = parse();
  return { text: restOfText(reader), statement };
}

const EXPLAIN_OPTIONS: Record<string, readonly string[]> = {
  TYPE: ['DISTRIBUTED', 'IO', 'LOGICAL', 'VALIDATE'],
  FORMAT: ['GRAPHVIZ', 'JSON', 'TEXT'],
};

// (TYPE x, FORMAT y), which a parenthesised query may be mistaken for.
function explainOptions(reader: TrinoReader): { type?: string; format?: string } {
  const options: { type?: string; format?: string } = {};
  if (reader.peek().text !== '(' || !Object.hasOwn(EXPLAIN_OPTIONS, reader.peek(1).word)) return options;
  reader.expectSymbol('(');
  do {
    const option = reader.peek().word;
    const allowed = EXPLAIN_OPTIONS[option];
    if (!allowed) return reader.fail("'FORMAT'", "'TYPE'");
    reader.next();
    const value = reader.peek().word;
    if (!allowed.includes(value)) reader.fail(...allowed.map((word) => `'${word}'`));
    reader.next();
    options[option.toLowerCase() as 'type' | 'format'] = value;
  } while (reader.takeSymbol(','));
  reader.expectSymbol(')');
  return options;
}

/** What follows EXECUTE. */
export function execute(reader: TrinoReader): QueryBody {
  const name = reader.name();
  const arguments_: string[] = [];
  if (reader.takeWords('USING')) {
    requireClosedQuotes(reader);
    do {
      const start = reader.peek().start;
      const position = reader.position;
      skipToClosing(reader, ',');
      if (reader.position === position) reader.fail('<expression>');
      arguments_.push(reader.source.slice(start, reader.previous()?.end));
    } while (reader.takeSymbol(','));
  }
  return { kind: 'execute', name, arguments: arguments_ };
}

/** What follows DEALLOCATE. */
export function deallocate(reader: TrinoReader): QueryBody {
  reader.expectWords('PREPARE');
  return { kind: 'deallocate', name: reader.name() };
}

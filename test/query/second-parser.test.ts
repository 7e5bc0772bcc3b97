// Whether a text is a statement at all: we and another parser of the same grammars must agree, but for what is listed.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseStatement } from '../../src/query/statement/parse-statement.js';
import { QueryFailure } from '../../src/query/statement/query-failure.js';
import type { Statement } from '../../src/query/statement/statement.js';
import { damaged, hiveStatement, trinoStatement } from './random-statements.js';
import { openSecondParser, type SecondParser } from './second-parser.js';

let other: SecondParser;
beforeAll(async () => {
  other = await openSecondParser();
});

/**
 * Damaged statements find corners where grammars differ for years: a run for everybody has a seed of its own. Others by
 * hand: DAMAGED_STATEMENTS=20000 npx vitest run test/query/second-parser.test.ts
 */
const MORE = process.env['DAMAGED_STATEMENTS'];
const DAMAGED = MORE === undefined ? { numRuns: 400, seed: 20200423 } : { numRuns: Number(MORE) };

/** What we make of a text: the statement, or why there is none. */
function ours(text: string): Statement | QueryFailure {
  try {
    return parseStatement(text);
  } catch (error) {
    if (error instanceof QueryFailure) return error;
    throw error;
  }
}

/** Kinds that hold text which is read later, with the query. */
const HOLD_TEXT = new Set<Statement['kind']>([
  'select',
  'create-table-as',
  'create-view',
  'insert',
  'unload',
  'explain',
  'prepare',
  'execute',
  'update',
  'delete',
  'merge',
  'optimize',
]);

interface Difference {
  text: string;
  statement: Statement | undefined;
  failure: string;
}

/** Where we differ, and why. `applies` is asked only when the two do not agree. */
const DIFFERENCES: { why: string; applies(difference: Difference): boolean }[] = [
  {
    why: 'Queries and expressions stay text here, and are read by the query engine.',
    applies: ({ statement }) => statement !== undefined && HOLD_TEXT.has(statement.kind),
  },
  {
    why: 'Athena takes no statement about a statement in EXPLAIN and PREPARE.',
    applies: ({ failure }) => failure === 'Queries of this type are not supported',
  },
  {
    why: 'Trino refuses these after its grammar has taken them.',
    applies: ({ failure }) => /backquoted identifiers|must not start with a digit/.test(failure),
  },
  {
    why: "In Trino's grammar a property's value is any expression; what is no literal is refused after it.",
    applies: ({ text, failure }) =>
      failure.endsWith("Expecting: 'DEFAULT', <expression>") ||
      (text.startsWith('CREATE TABLE') && /Expecting: '[)\][]'$/.test(failure)),
  },
  {
    why: "In that grammar of Hive a partition's value may be a name or be left out, which no statement of ours has.",
    applies: ({ failure }) => failure.endsWith('in partition specification'),
  },
  {
    why: 'AWS documents words as reserved that are not in that grammar of Hive.',
    applies: ({ failure }) => failure.includes("Failed rule: 'identifier'"),
  },
  {
    why: 'Words that AWS has as names without quotes in its examples are reserved in that grammar of Hive.',
    applies: ({ text, statement }) => statement !== undefined && /\b(TIME|TIMESTAMP|START)\b/i.test(text),
  },
  {
    why: 'AWS documents numbers without quotes as values of properties.',
    applies: ({ text, statement }) =>
      statement !== undefined && other.acceptsHive(text.replace(/(["'] = )(\d+)/g, "$1'$2'")),
  },
  {
    why: 'AWS documents SHOW COLUMNS without a pattern.',
    applies: ({ text, failure }) => text.startsWith('SHOW COLUMNS') && failure.includes('missing EOF'),
  },
  {
    why: 'The columns of an INSERT are names, with no dots in them: Trino, SqlBase.g4, columnAliases.',
    applies: ({ text, failure }) =>
      text.startsWith('INSERT') && /input '\.'\. Expecting: '\)'$/.test(failure),
  },
  {
    why: 'AWS documents how DESCRIBE TABLE t is read: TABLE is the name of the table.',
    applies: ({ text, statement }) => statement !== undefined && /^DESC(RIBE)? .*(TABLE|DATABASE)/.test(text),
  },
  {
    why: 'That grammar of Hive takes parts of columns as bucket columns, which AWS does not document.',
    applies: ({ failure }) => failure.endsWith('in table buckets specification'),
  },
  {
    why: 'Athena has no storage handlers, so no STORED BY.',
    applies: ({ text }) => text.includes('STORED BY'),
  },
  {
    why: 'That grammar of Hive takes properties without values, which mean nothing.',
    applies: ({ failure }) => /expecting = near .* propert/.test(failure),
  },
  {
    why: 'Athena has no tables without a location.',
    applies: ({ failure }) => failure.startsWith('No location'),
  },
  {
    why: 'Athena has MSCK REPAIR TABLE only; Hive also looks without repairing.',
    applies: ({ text }) => /^MSCK(?! REPAIR TABLE)/.test(text),
  },
];

/** Of the two grammars, the other parser is asked for the one that we took. */
function compare(text: string): void {
  const read = ours(text);
  const failed = read instanceof QueryFailure;
  const isHive = failed ? /^FAILED: |no viable alternative|^No location/.test(read.message) : !isTrino(read);
  if (failed !== (isHive ? other.acceptsHive(text) : other.acceptsTrino(text))) return;
  const difference = {
    text,
    statement: failed ? undefined : read,
    failure: failed ? read.message : '',
  };
  const isExplained = DIFFERENCES.some(({ applies }) => applies(difference));
  expect(isExplained, `${text}\nwe ${failed ? `refuse it: ${read.message}` : 'accept it'}`).toBe(true);
}

const isTrino = ({ kind }: Statement) =>
  HOLD_TEXT.has(kind) || ['drop-view', 'show-create-view', 'deallocate', 'vacuum'].includes(kind);

const inWords = (statement: fc.Arbitrary<string[]>) => statement.map((words) => words.join(' '));

describe('a second parser', () => {
  it('accepts every random statement of Hive, as we do', () => {
    fc.assert(
      fc.property(inWords(hiveStatement), (text) => {
        expect(ours(text)).not.toBeInstanceOf(QueryFailure);
        expect(other.acceptsHive(text), text).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('accepts every random statement of Trino, as we do', () => {
    fc.assert(
      fc.property(inWords(trinoStatement), (text) => {
        expect(ours(text)).not.toBeInstanceOf(QueryFailure);
        expect(other.acceptsTrino(text), text).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('agrees on statements of Hive that have been damaged', () => {
    fc.assert(fc.property(inWords(damaged(hiveStatement)), compare), DAMAGED);
  });

  it('agrees on statements of Trino that have been damaged', () => {
    fc.assert(fc.property(inWords(damaged(trinoStatement)), compare), DAMAGED);
  });
});

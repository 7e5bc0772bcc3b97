// SQL with typed parameters: what is filled in, and all that is refused before Athena sees it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TableParameters } from '../spec.js';
import { createStatement, statementProblems } from './create-statement.js';
import { splitSql } from './sql-text.js';

const VALUES = {
  cutOffStart: '2024-05-01 00:00:00',
  cutOffEnd: '2024-05-02 00:00:00',
  cutOffStartMs: '1714521600000',
  cutOffEndMs: '1714608000000',
  cutOffEndWithMarginMs: '1714608120000',
  runKey: '20240502T010203Z-0a1b2c3d',
  fencingToken: '7',
};
const HEAD = 'CREATE EXTERNAL TABLE ${table} (`a` string)';

describe('a statement', () => {
  it.each([
    ['an identifier', 'identifier', 'day', '`day`'],
    ['a text', 'string', 'Tuesday; -- "no" comment', `'Tuesday; -- "no" comment'`],
    ['a location', 'location', 's3://lake/counts/', "'s3://lake/counts/'"],
    ['a whole number', 'integer', -5, '-5'],
    ['a boolean', 'boolean', true, 'true'],
    ['a day', 'date', '2024-02-29', "'2024-02-29'"],
    ['a time of the launch', 'timestamp', '${cutOffEnd}', "'2024-05-02 00:00:00'"],
    ['a number of the launch', 'integer', '${cutOffStartMs}', '1714521600000'],
    ['a place of the launch', 'location', 's3://lake/${runKey}/', "'s3://lake/20240502T010203Z-0a1b2c3d/'"],
  ] as const)('has %s in the form of its type', (_, type, value, expected) => {
    const parameters: TableParameters = { x: { type, value } };
    const sql = `${HEAD} X \${x};\n`;
    expect(statementProblems(sql, parameters)).toEqual([]);
    expect(createStatement({ sql, parameters }, 'built', VALUES)).toBe(
      `CREATE EXTERNAL TABLE \`built\` (\`a\` string) X ${expected}`,
    );
  });

  it.each([
    ['a quote that ends the literal', 'string', "x' LOCATION 's3://other/"],
    ['a backslash, which would take the closing quote', 'string', 'x\\'],
    ['a line break', 'string', 'a\nb'],
    ['a quote in a location', 'location', "s3://lake/a'b/"],
    ['a location without its slash', 'location', 's3://lake/counts'],
    ['a whole bucket', 'location', 's3://lake/'],
    ['a backtick', 'identifier', 'a` (x int) --'],
    ['a name with a database', 'identifier', 'lake.counts'],
    ['a sum', 'integer', '1+1'],
    ['another word', 'boolean', 'yes'],
    ['a month that is none', 'date', '2024-13-01'],
    ['a time without seconds', 'timestamp', '2024-05-01 00:00'],
    ['a time of the launch for a day', 'date', '${cutOffStart}'],
    ['an unknown placeholder', 'string', '${today}'],
  ] as const)('is refused for %s', (_, type, value) => {
    const problems = statementProblems(`${HEAD} X \${x}`, { x: { type, value } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^x: /);
  });

  it.each([
    ['no name', 'CREATE EXTERNAL TABLE counts (a int)', 'must begin with CREATE EXTERNAL TABLE ${table}'],
    ['another statement', 'DROP TABLE ${table}', 'must begin with'],
    ['a table of Iceberg', 'CREATE TABLE ${table} (a int)', 'must begin with'],
    ['a name in a database', 'CREATE EXTERNAL TABLE lake.${table} (a int)', 'must begin with'],
    ['two statements', `${HEAD}; DROP TABLE orders`, 'one statement'],
    ['an open quote', `${HEAD} COMMENT 'open`, 'not closed'],
    ['an open comment', `${HEAD} /* open`, 'not closed'],
    ['a placeholder in quotes', `${HEAD} LOCATION '\${table}'`, 'inside quotes'],
    ['a placeholder of a prototype', `${HEAD} \${constructor}`, 'unknown placeholder ${constructor}'],
  ])('is refused with %s', (_, sql, message) => {
    expect(statementProblems(sql, {}).join(' ')).toContain(message);
  });

  it('may begin with a comment, and have any word in comments', () => {
    expect(statementProblems(`-- don't touch \${x}\n/* nor; this */ ${HEAD};`, {})).toEqual([]);
  });

  it('has every parameter that is given', () => {
    expect(statementProblems(HEAD, { y: { type: 'integer', value: 1 } })).toEqual([
      'It does not have the placeholder ${y} of its parameters.',
    ]);
  });
});

describe('any text', () => {
  it('that is let in as a value stays one literal of the statement', () => {
    const text = fc.string({
      unit: fc.constantFrom("'", '\\', '`', '"', ';', '-', '/', '*', '$', '{', '}', 'a', '\n'),
    });
    fc.assert(
      fc.property(text, (value) => {
        const parameters: TableParameters = { x: { type: 'string', value } };
        const sql = `${HEAD} COMMENT \${x} LOCATION 's3://lake/a/'`;
        fc.pre(statementProblems(sql, parameters).length === 0);
        const parts = splitSql(createStatement({ sql, parameters }, 'built', VALUES));
        expect(parts.filter(({ kind }) => kind === 'quoted')).toEqual(
          ['`built`', '`a`', `'${value}'`, "'s3://lake/a/'"].map((each) => ({ kind: 'quoted', text: each })),
        );
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('is the same again when its parts are joined', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '"', '`', '\\', '-', '\n', '/', '*', 'a') }),
        (sql) => {
          const texts = splitSql(sql).map((part) => (part.kind === 'placeholder' ? '' : part.text));
          expect(texts.join('')).toBe(sql);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NULL_VALUE } from './key-type.js';
import { partitionFilter } from './partition-filter.js';
import type { Expression, Literal } from './partition-filter-grammar.js';
import { keyCodec } from './partition-key.js';
import type { PartitionRow } from './partition-rows.js';
import { walkPartitions } from './partition-walk.js';
import { compareText } from './text-order.js';

/** Values of a one-key table that the expression accepts, in the order in which the walk finds them. */
function accepted(type: string, values: string[], expression: string): string[] {
  const keys = [{ Name: 'k', Type: type }];
  return walk(
    keys,
    values.map((value) => [value]),
    expression,
  ).map(([value]) => value as string);
}

function walk(
  keys: { Name: string; Type: string }[],
  valuesList: string[][],
  expression: string,
): string[][] {
  const codec = keyCodec(keys);
  const rows = valuesList
    .map((values): PartitionRow => ({
      key: codec.encode(values),
      descriptorId: null,
      members: '',
      descriptorMembers: '',
    }))
    .sort((a, b) => compareText(a.key, b.key));
  const read = (after: string, limit: number) => {
    const greater = rows.filter((row) => compareText(row.key, after) > 0);
    return limit < 0 ? greater : greater.slice(0, limit);
  };
  return walkPartitions(read, codec, { filter: partitionFilter(expression, keys) }).rows.map(
    (row) => row.values,
  );
}

describe('a filter on an integer key', () => {
  const values = ['1', '2', '3', '10', '-5', '02'];
  it.each([
    ['k = 2', ['02', '2']],
    ["k = '2'", ['02', '2']],
    ['2 = k', ['02', '2']],
    ['k = -5', ['-5']],
    ['k > 2', ['3', '10']],
    ['2 < k', ['3', '10']],
    ['k >= 3 and k <> 10', ['3']],
    ['k != 10 AND k < 3', ['-5', '1', '02', '2']],
    ['k IN (2)', ['02', '2']],
    ["k in (6, '4', 3)", ['3']],
    ['k not in (1, 3, 10)', ['-5', '02', '2']],
    ['k between 2 AND 3', ['02', '2', '3']],
    ['k NOT BETWEEN 1 AND 1 and k NOT BETWEEN 3 AND 10', ['-5', '02', '2']],
    ['k between 3 and 2', []],
    ['(k) = ((3)) (OR) (((k))) = (10)', ['3', '10']],
    ['NOT k = 2', ['-5', '1', '3', '10']],
    ['NOT (k = 2 OR k > 2)', ['-5', '1']],
    ['NOT NOT k = 3', ['3']],
    ['k IS NOT NULL and k = 3', ['3']],
    ['k is null', []],
    ['K = 3', ['3']],
    ['`k` = 3', ['3']],
    ['"k" = 3', ['3']],
    ['k=3 or k=10', ['3', '10']],
    ['k = 1 or k = 3 and k = 10', ['1']],
    ['(k = 1 or k = 3) and k = 3', ['3']],
    ['  ((k = 3))  ', ['3']],
    ["k = cast('3' as int)", ['3']],
  ])('%s', (expression, expected) => {
    expect(accepted('int', values, expression)).toEqual(expected);
  });

  it.each(['tinyint', 'smallint', 'int', 'integer', 'bigint', 'long', 'BIGINT'])(
    'compares %s as numbers',
    (type) => {
      expect(accepted(type, ['9', '10', '100'], 'k > 9')).toEqual(['10', '100']);
    },
  );

  it('tells integers apart that JavaScript numbers cannot', () => {
    expect(accepted('bigint', ['9007199254740993', '9007199254740992'], 'k > 9007199254740992')).toEqual([
      '9007199254740993',
    ]);
  });
});

describe('a filter on a decimal key', () => {
  it.each([
    ['k = 2.6', ['2.6']],
    ["k = '2.60'", ['2.6']],
    ['k between 2 AND 3e10', ['2.6']],
    ["k >= 2 and k <> '3e14'", ['2.6']],
    ['k < 0', ['-0.5', '-0.25']],
    ['k > -.3 and k < 1', ['-0.25', '0']],
    ['k = 300000000000000', ['3e14']],
    ['k = -0', ['0']],
  ])('%s', (expression, expected) => {
    expect(accepted('decimal(10,2)', ['1.2', '2.6', '3e14', '-0.25', '-0.5', '0'], expression)).toEqual(
      expected,
    );
  });
});

describe('a filter on a string key', () => {
  const values = ['one', 'two', '2', 'three', "it's", 'a_b', 'a%b', '', 'é'];
  it.each([
    ["k = 'two'", ['two']],
    ["k = 'Two'", []],
    ['k = 2', ['2']],
    ["k IN ('test', 'two', '3')", ['two']],
    ["k between 'twn' AND 'twp'", ['two']],
    ["k > '1' AND k < '3'", ['2']],
    ["k = 'it''s'", ["it's"]],
    ["k = ''", ['']],
    ["k LIKE 't_o'", ['two']],
    ["k LIKE 't%'", ['three', 'two']],
    ["k LIKE '%wo'", ['two']],
    ["k LIKE '%e%'", ['one', 'three']],
    ["k LIKE 'two'", ['two']],
    ["k LIKE '_'", ['2', 'é']],
    ["k LIKE 'a%b'", ['a%b', 'a_b']],
    ["k NOT LIKE '%e' AND k not like '_' and k > 'b'", ["it's", 'two']],
    ["not k like '%'", []],
    ["k > 'two'", ['é']],
  ])('%s', (expression, expected) => {
    expect(accepted('string', values, expression)).toEqual(expected);
  });

  it('compares char and varchar as strings', () => {
    expect(accepted('varchar(10)', ['9', '10'], "k > '1'")).toEqual(['10', '9']);
    expect(accepted('char(2)', ['9', '10'], "k > '2'")).toEqual(['9']);
  });
});

describe('a filter on dates and times', () => {
  it.each([
    ["k = '2024-01-05'", ['2024-01-05']],
    ["k = '2024-1-5'", ['2024-01-05']],
    ["k > date '2024-01-05'", ['2024-02-01']],
    ["k >= cast('2024-01-05' as date)", ['2024-01-05', '2024-02-01']],
    ["k < DATE'2024-01-05'", ['2023-12-31']],
    ["k = timestamp '2024-02-01 00:00:00'", ['2024-02-01']],
    ["k between '2023-01-01' and '2024-01-31'", ['2023-12-31', '2024-01-05']],
  ])('on a date key: %s', (expression, expected) => {
    expect(accepted('date', ['2024-01-05', '2023-12-31', '2024-02-01'], expression)).toEqual(expected);
  });

  it.each([
    ["k = '2024-01-05 10:00:00.0'", ['2024-01-05 10:00:00']],
    ["k > timestamp '2024-01-05 10:00:00'", ['2024-01-05 10:00:00.5', '2024-01-06 00:00:00']],
    ["k >= date '2024-01-06'", ['2024-01-06 00:00:00']],
    ["k < '2024-01-05 10:00:00.000000001'", ['2024-01-05 10:00:00']],
  ])('on a timestamp key: %s', (expression, expected) => {
    const values = ['2024-01-05 10:00:00', '2024-01-05 10:00:00.5', '2024-01-06 00:00:00'];
    expect(accepted('timestamp', values, expression)).toEqual(expected);
  });

  it('takes date and timestamp for columns where no text follows them', () => {
    const keys = [{ Name: 'date', Type: 'string' }];
    expect(walk(keys, [['a'], ['b']], "date = 'b' or `date` = 'c'")).toEqual([['b']]);
  });
});

describe('the partition whose key is null', () => {
  it.each([
    ['int', 'k is null', [NULL_VALUE]],
    ['int', 'k is not null', ['1']],
    ['int', 'k = 1', ['1']],
    ['int', 'k <> 2', ['1']],
    ['int', 'not k = 2', ['1']],
    ['int', `k = '${NULL_VALUE}'`, [NULL_VALUE]],
    ['int', `k <> '${NULL_VALUE}'`, ['1']],
    ['string', 'k is null', [NULL_VALUE]],
    ['string', `k = '${NULL_VALUE}'`, [NULL_VALUE]],
    ['string', `k <> '${NULL_VALUE}'`, ['1']],
    ['date', 'k is null', [NULL_VALUE]],
  ])('of a %s key: %s', (type, expression, expected) => {
    expect(accepted(type, ['1', NULL_VALUE], expression)).toEqual(expected);
  });
});

describe("a partition whose value is not of its key's type", () => {
  const keys = [
    { Name: 's', Type: 'string' },
    { Name: 'i', Type: 'int' },
    { Name: 'd', Type: 'date' },
  ];
  const partitions = [
    ['a', '1', '2024-01-01'],
    ['b', '2', 'soon'],
    ['c', 'null', '2024-01-03'],
    ['d', NULL_VALUE, '2024-01-04'],
  ];

  it.each([
    ['i = 1', 'For input string: "null" is not an integer.'],
    ['i <> 1', 'For input string: "null" is not an integer.'],
    ['i >= 0', 'For input string: "null" is not an integer.'],
    ['i < -5', 'For input string: "null" is not an integer.'],
    ['not i between 1 and 9', 'For input string: "null" is not an integer.'],
    ['i in (7, 8)', 'For input string: "null" is not an integer.'],
    ["d = '2024-01-09'", 'soon is not a date.'],
    ["i = 2 and d > '2030-01-01'", 'soon is not a date.'],
    ["s = 'a' or i = 2", 'For input string: "null" is not an integer.'],
  ])('fails %s, which has to compare it', (expression, message) => {
    expect(() => walk(keys, partitions, expression)).toThrow(
      expect.objectContaining({ name: 'InvalidStateException', message }) as Error,
    );
  });

  it.each([
    ["s = 'a' and i = 1", ['a']],
    ["s < 'c' and i > 0", ['a', 'b']],
    ["s = 'c' or s = 'a' or i = 2 and s = 'b'", ['a', 'b', 'c']],
    ['i is null', ['d']],
    ['i is not null', ['a', 'b', 'c']],
    [`i <> '${NULL_VALUE}'`, ['a', 'b', 'c']],
    ["s = 'c' and d = '2024-01-03'", ['c']],
  ])('does not fail %s, which need not', (expression, expected) => {
    expect(walk(keys, partitions, expression).map(([first]) => first)).toEqual(expected);
  });
});

describe('a filter that cannot be used', () => {
  const keys = [
    { Name: 's', Type: 'string' },
    { Name: 'i', Type: 'int' },
    { Name: 'd', Type: 'date' },
    { Name: 't', Type: 'timestamp' },
    { Name: 'n', Type: 'decimal(5,1)' },
    { Name: 'f', Type: 'float' },
  ];
  it.each([
    ["s IS test' AND not parsable", /^Unsupported expression 's IS test' AND not parsable'/],
    ['s =', /^Unsupported expression 's =': a column or a literal was needed, not the end/],
    ["= 'a'", /^Unsupported expression/],
    ["s = 'a' AND", /^Unsupported expression/],
    ["s = 'a' i = 1", /AND, OR or the end was needed, not 'i'/],
    ["(s = 'a'", /\) was needed, not the end/],
    ["s = 'a')", /AND, OR or the end was needed, not '\)'/],
    ["s = 'a", /^Unsupported expression .* a quote is not closed/],
    ['s = i', /a literal was needed, not the column i/],
    ["'a' = 'b'", /a column was needed, not the literal b/],
    ['s in ()', /^Unsupported expression/],
    ['s in 1', /\( was needed, not '1'/],
    ["s between 'a'", /AND was needed, not the end/],
    ['s like 5', /LIKE needs a quoted pattern/],
    ['s == 1', /^Unsupported expression/],
    ['s + 1 = 2', /^Unsupported expression/],
    ['s', /a comparison, IN, BETWEEN, LIKE or IS was needed/],
    [`${'('.repeat(300)}s = 'a'${')'.repeat(300)}`, /nested deeper than 200 levels/],
    ['unknown IS NULL', /^Unknown column 'unknown': the table's partition keys are s, i, d, t, n, f/],
    ["i = 'test'", /"test" is not an integer/],
    ['i in (2.5)', /"2.5" is not an integer/],
    ["i LIKE '2'", /^Integral data type doesn't support operation 'LIKE'/],
    ["d like '2024%'", /^Date data type doesn't support operation 'LIKE'/],
    ["t like '2024%'", /^Timestamp data type doesn't support operation 'LIKE'/],
    ["n like '2%'", /^Decimal data type doesn't support operation 'LIKE'/],
    ["n = 'test'", /^test is not a decimal/],
    ["d = '2024-02-30'", /^2024-02-30 is not a date/],
    [
      "t = '2024-02-03'",
      /^Timestamp format must be yyyy-mm-dd hh:mm:ss\[.fffffffff\] 2024-02-03 is not a timestamp/,
    ],
    ['f = 3.14', /^Unknown type : 'float'/],
  ])('%s', (expression, message) => {
    expect(() => partitionFilter(expression, keys)).toThrow(
      expect.objectContaining({
        name: 'InvalidInputException',
        message: expect.stringMatching(message) as string,
      }),
    );
  });
});

// What an expression means, said as plainly as possible: SQL's three-valued logic over every partition, value by value.
type Truth = boolean | undefined;
type Column = { Name: string; Type: string };

function truth(expression: Expression, keys: Column[], values: string[]): Truth {
  switch (expression.kind) {
    case 'and':
      return expression.operands.map((operand) => truth(operand, keys, values)).reduce(conjunction);
    case 'or':
      return not(expression.operands.map((operand) => not(truth(operand, keys, values))).reduce(conjunction));
    case 'not':
      return not(truth(expression.operand, keys, values));
    default:
      return predicateTruth(expression, keys, values);
  }
}

type Predicate = Exclude<Expression, { operands: unknown } | { operand: unknown }>;

function predicateTruth(expression: Predicate, keys: Column[], values: string[]): Truth {
  const position = keys.findIndex((key) => key.Name === expression.column);
  const type = (keys[position] as Column).Type;
  const value = values[position] as string;
  const order = (literal: Literal): number | undefined => {
    if (type === 'string') return Buffer.compare(Buffer.from(value), Buffer.from(literal.text));
    if (value === NULL_VALUE) return undefined;
    if (type === 'int') return Number(value) - Number(literal.text);
    if (type === 'decimal') return Math.sign(Number(value) - Number(literal.text));
    return Date.parse(value) - Date.parse(literal.text);
  };
  const met = (literal: Literal, test: (order: number) => boolean): Truth => {
    const found = order(literal);
    return found === undefined ? undefined : test(found);
  };
  switch (expression.kind) {
    case 'compare': {
      const tests = {
        '=': (o: number) => o === 0,
        '<>': (o: number) => o !== 0,
        '<': (o: number) => o < 0,
        '<=': (o: number) => o <= 0,
        '>': (o: number) => o > 0,
        '>=': (o: number) => o >= 0,
      };
      return met(expression.literal, tests[expression.comparator]);
    }
    case 'in': {
      const isIn = not(
        expression.literals.map((literal) => not(met(literal, (o) => o === 0))).reduce(conjunction),
      );
      return expression.isNegated ? not(isIn) : isIn;
    }
    case 'between': {
      const isBetween = conjunction(
        met(expression.low, (o) => o >= 0),
        met(expression.high, (o) => o <= 0),
      );
      return expression.isNegated ? not(isBetween) : isBetween;
    }
    case 'like': {
      const pattern = expression.pattern
        .replace(/[^%_]/gu, '[$&]')
        .replaceAll('%', '.*')
        .replaceAll('_', '.');
      return new RegExp(`^${pattern}$`, 'su').test(value) !== expression.isNegated;
    }
    case 'is-null':
      return (value === NULL_VALUE) !== expression.isNegated;
  }
}

function conjunction(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
}

function not(a: Truth): Truth {
  return a === undefined ? undefined : !a;
}

function print(expression: Expression): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  switch (expression.kind) {
    case 'and':
    case 'or':
      return `(${expression.operands.map(print).join(` ${expression.kind} `)})`;
    case 'not':
      return `NOT (${print(expression.operand)})`;
    case 'compare':
      return `${expression.column} ${expression.comparator} ${quoted(expression.literal.text)}`;
    case 'in':
      return `${expression.column} ${expression.isNegated ? 'not ' : ''}in (${expression.literals.map((literal) => quoted(literal.text)).join(', ')})`;
    case 'between':
      return `${expression.column} ${expression.isNegated ? 'not ' : ''}between ${quoted(expression.low.text)} and ${quoted(expression.high.text)}`;
    case 'like':
      return `${expression.column} ${expression.isNegated ? 'not ' : ''}like ${quoted(expression.pattern)}`;
    case 'is-null':
      return `${expression.column} is ${expression.isNegated ? 'not ' : ''}null`;
  }
}

const keyValues: Record<string, fc.Arbitrary<string>> = {
  string: fc.oneof(
    fc.constantFrom(
      '',
      'a',
      'b',
      'ab',
      'abc',
      "o'k",
      '~',
      '~~',
      '\u0001',
      'a\u0000',
      'a\u0002b',
      '\u{1F600}',
      '\uFB01',
    ),
    fc.string({ maxLength: 3, unit: 'binary' }),
  ),
  int: fc.oneof(fc.integer({ min: -12, max: 12 }), fc.integer()).map(String),
  decimal: fc.oneof(
    fc.integer({ min: -40, max: 40 }).map((n) => String(n / 4)),
    fc.constantFrom('0', '-0', '1e3', '1000', '-1.50', '.5'),
  ),
  date: fc
    .integer({ min: 0, max: 30 })
    .map((n) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10)),
};

const keysArbitrary = fc
  .array(fc.constantFrom(...Object.keys(keyValues)), { minLength: 1, maxLength: 3 })
  .map((types) => types.map((Type, index): Column => ({ Name: `k${index}`, Type })));

function predicateArbitrary(key: Column): fc.Arbitrary<Expression> {
  const literal = (keyValues[key.Type] as fc.Arbitrary<string>).map((text): Literal => ({
    kind: 'string',
    text,
  }));
  const base = { column: fc.constant(key.Name), isNegated: fc.boolean() };
  const comparators = fc.constantFrom('=', '<>', '<', '<=', '>', '>=');
  const predicates: fc.Arbitrary<Expression>[] = [
    fc.record({ kind: fc.constant('compare'), column: base.column, comparator: comparators, literal }),
    fc.record({
      kind: fc.constant('in'),
      ...base,
      literals: fc.array(literal, { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('between'), ...base, low: literal, high: literal }),
    fc.record({ kind: fc.constant('is-null'), ...base }),
  ];
  if (key.Type === 'string') {
    const pattern = fc
      .array(fc.constantFrom('%', '_', 'a', 'b', 'c'), { maxLength: 4 })
      .map((parts) => parts.join(''));
    predicates.push(fc.record({ kind: fc.constant('like'), ...base, pattern }));
  }
  return fc.oneof(...predicates);
}

function expressionArbitrary(keys: Column[]): fc.Arbitrary<Expression> {
  return fc.letrec<{ expression: Expression; predicate: Expression }>((tie) => ({
    predicate: fc.oneof(...keys.map(predicateArbitrary)),
    expression: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression' },
      tie('predicate'),
      fc.record({ kind: fc.constant('not'), operand: tie('expression') }),
      fc.record({
        kind: fc.constantFrom('and', 'or'),
        operands: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
      }) as fc.Arbitrary<Expression>,
    ),
  })).expression;
}

describe('a filter over any partitions', () => {
  it('accepts exactly those of which the expression is true', () => {
    fc.assert(
      fc.property(
        keysArbitrary.chain((keys) =>
          fc.record({
            keys: fc.constant(keys),
            valuesList: fc.uniqueArray(
              fc.tuple(
                ...keys.map((key) =>
                  fc.oneof(
                    { weight: 9, arbitrary: keyValues[key.Type] as fc.Arbitrary<string> },
                    fc.constant(NULL_VALUE),
                  ),
                ),
              ),
              { selector: (values) => JSON.stringify(values), maxLength: 60 },
            ),
            expression: expressionArbitrary(keys),
          }),
        ),
        ({ keys, valuesList, expression }) => {
          const expected = valuesList.filter((values) => truth(expression, keys, values) === true);
          const found = walk(keys, valuesList, print(expression));
          expect(sorted(found)).toEqual(sorted(expected));
        },
      ),
      { numRuns: 1500 },
    );
  });
});

function sorted(valuesList: string[][]): string[] {
  return valuesList.map((values) => JSON.stringify(values)).sort();
}

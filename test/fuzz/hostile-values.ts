// What nobody should send, and everybody does some day: values for any member of any request.
import fc from 'fast-check';
import type { Constraints } from '../../src/wire/constraints.js';
import type { Shape } from '../../src/wire/schema.js';

/** Names of what seedResources makes, so that requests get past "not found". */
const KNOWN_NAMES = [
  'd',
  't',
  'u',
  'c',
  'j',
  'r',
  'g',
  's',
  'lake',
  'k',
  'a/b',
  'i',
  'f',
  'db',
  '123456789012',
];

const ARNS = [
  'arn:aws:iam::123456789012:role/r',
  'arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole',
  'arn:aws:iam::123456789012:policy/p',
  'arn:aws:glue:us-east-1:123456789012:table/d/t',
  'arn:aws:glue:us-east-1:123456789012:database/d',
  'arn:aws:glue:us-east-1:123456789012:job/j',
  'arn:aws:logs:us-east-1:123456789012:log-group:g',
  'arn:aws:glue:::',
  'arn:::::',
];

const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  '\n',
  '\ud800',
  '\udfff x',
  '\u{1f375}',
  '\uffff',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '$date',
  '../../etc/passwd',
  '.',
  '..',
  '/',
  '//',
  '%',
  '%00',
  '%zz',
  "' OR 1=1 --",
  '"; DROP TABLE catalog_tables; --',
  '(a+)+$',
  '(((((',
  '[',
  '*',
  '\\',
  '{}',
  '[]',
  'null',
  'NaN',
  '-1',
  '0',
  '1e999',
  '99999999999999999999',
  'true',
  '2024-02-30',
  '2024-01-01T00:00:00Z',
  's3://lake/k',
  's3://',
  's3:///x',
  's3://lake',
  'file:///etc/passwd',
  'cron(0 1 * * ? *)',
  'cron(* * * * * *)',
  'cron(99 99 99 99 99 99)',
  "k = 'a'",
  'k > 1 AND (k <',
  'k IN (',
  'year BETWEEN 1 AND',
  "k LIKE '%'",
  'NOT '.repeat(200) + 'k = 1',
  '('.repeat(3000),
  'struct<a:array<map<string,int>>>',
  'struct<'.repeat(2000),
  'array<'.repeat(5000) + 'int' + '>'.repeat(5000),
  'decimal(99,99)',
  '<xml/>',
  ']]>',
  '&#0;',
  '{"Version":"2012-10-17","Statement":[]}',
  '{"Statement":7}',
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}',
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":[[[]]],"Condition":{"x":{"y":null}}}}',
  '{"type":"record","name":"r","fields":[]}',
  'syntax = "proto3"; message A { int32 a = 1; }',
  '{"type":"array","items":'.repeat(1000),
];

const ODD_NUMBERS = [
  0,
  -0,
  1,
  2,
  -1,
  0.5,
  1e-9,
  100,
  1000,
  1001,
  65536,
  2 ** 31,
  2 ** 32,
  -(2 ** 31),
  2 ** 53,
  1e20,
  -1e20,
  8.64e12,
  8.64e15,
  1e300,
  Number.MAX_VALUE,
  Infinity,
  -Infinity,
  NaN,
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KNOWN_NAMES) },
  { weight: 2, arbitrary: fc.constantFrom(...ARNS) },
  { weight: 4, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(255, 256, 1025, 2049, 20_000).map((length) => 'x'.repeat(length)) },
);

export const hostileNumber: fc.Arbitrary<number> = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_NUMBERS) },
  { weight: 1, arbitrary: fc.double() },
);

/** What members of these names get most of the time, so that requests reach what lies behind the checks of names. */
const FITTING: [member: RegExp, values: string[]][] = [
  [/^CatalogId$/, ['123456789012']],
  [/^(DatabaseName|Database)$/, ['d']],
  [/^(TableName|TablesToDelete|Table)$/, ['t', 'u']],
  [/^(Crawler)?(Name)?(s|List)?$/, ['c', 'd', 't', 'j']],
  [/^(CrawlerName|CrawlerNames|CrawlerNameList)$/, ['c']],
  [/^(JobName|JobNames)$/, ['j']],
  [/^(Role|RoleName)$/, ['r', 'arn:aws:iam::123456789012:role/r']],
  [/^(logGroupName|logGroupIdentifier)$/, ['g']],
  [/^logStreamName$/, ['s']],
  [/Arn$|^resourceArn$/i, ARNS],
  [/^(Values|PartitionValues|PartitionValueList)$/, ['1', '2', 'x', '-0', '01', '9'.repeat(40), '']],
  [/^(Type|ColumnType)$/, ['int', 'string', 'date', 'decimal(10,2)', 'array<int>', 'STRUCT<a:int', '']],
  [/^(Keys|PartitionKeys|ColumnName|ColumnNames)$/, ['k', 'c']],
  [/^(VersionId|VersionIds)$/, ['0', '1', '2', '-1', 'x']],
  [
    /Expression$/,
    ['k = 1', 'k > 0 and k < 5', "k in (1, 'x')", 'k like', 't*', '.*', '(', 'k = "1"', "k between 'a' and"],
  ],
  [/^Path$|^LocationUri$|^Location$/, ['s3://lake/a', 's3://lake/', 's3://nowhere/x', 'lake', '/r/']],
  [/Policy(Document)?(InJson)?$/, ODD_TEXTS.filter((text) => text.startsWith('{"Version'))],
  [/Token$|^Marker$/, ['', 'eyJ2IjoxfQ==', 'x', '%%%']],
  [/^TableType$/, ['EXTERNAL_TABLE', 'VIRTUAL_VIEW', 'ICEBERG']],
];

/** Any JSON, however wrong. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom([], {}, [null], [[]], { __proto__: null }, { $date: 'x' }),
);

const DEPTH_MAX = 9;

/** Values of a shape that mostly fit it, with something wrong here and there, as JSON has them. */
export class ShapeValues {
  constructor(
    private readonly draw: fc.GeneratorValue,
    private readonly constraints: Constraints | undefined,
    /** One value in so many is of no type that fits; Infinity for none. */
    private readonly oneWrongIn: number,
  ) {}

  /** @param name of the value's constraint. @param member the name of the member that it is, or is in the list of */
  of(shape: Shape, name?: string, member = '', depth = 0): unknown {
    if (this.isWrong()) return this.draw(() => anything);
    const constraint = name === undefined ? undefined : this.constraints?.shapes[name];
    switch (shape.kind) {
      case 'string':
        return this.text(constraint, member);
      case 'boolean':
        return this.draw(fc.boolean);
      case 'number':
        return this.draw(() => hostileNumber);
      case 'timestamp':
        return this.draw(() => fc.constantFrom<unknown>(0, 1.7e9, -1, 8.64e12, 1e300, '2024-01-01', 'never'));
      case 'blob':
        return this.draw(() => fc.constantFrom('', 'AAAA', '%%%', 'eyJ2IjoxfQ=='));
      case 'document':
        return this.draw(() => anything);
      case 'list':
        return this.many(depth).map(() => this.of(shape.item.shape, constraint?.item, member, depth + 1));
      case 'map':
        return Object.fromEntries(
          this.many(depth).map(() => [
            this.text(this.constraints?.shapes[constraint?.key ?? '']),
            this.of(shape.value.shape, constraint?.value, '', depth + 1),
          ]),
        );
      case 'struct': {
        const named = this.constraints?.members[shape.name];
        const isThere = (isRequired: boolean) =>
          isRequired ? !this.isWrong() : depth < DEPTH_MAX && this.draw(fc.nat, 99) < (depth === 0 ? 50 : 25);
        const members = shape.isUnion
          ? shape.members.slice(this.draw(fc.nat, shape.members.length - 1)).slice(0, 1)
          : shape.members.filter((member) => isThere(member.isRequired));
        return Object.fromEntries(
          members.map((each) => [each.name, this.of(each.shape, named?.[each.name], each.name, depth + 1)]),
        );
      }
    }
  }

  private isWrong(): boolean {
    return this.oneWrongIn !== Infinity && this.draw(fc.nat, this.oneWrongIn - 1) === 0;
  }

  private many(depth: number): unknown[] {
    return Array.from({ length: depth < DEPTH_MAX ? this.draw(fc.nat, 2) : 0 });
  }

  private text(constraint: { enum?: string[]; min?: number } | undefined, member = ''): string {
    const { enum: values, min = 0 } = constraint ?? {};
    if (values && this.draw(fc.nat, 9) > 0) return this.draw(() => fc.constantFrom(...values));
    const fitting = FITTING.find(([pattern]) => member !== '' && pattern.test(member))?.[1];
    if (fitting && this.draw(fc.nat, 9) > 1) return this.draw(() => fc.constantFrom(...fitting));
    return this.draw(() => hostileText).padEnd(min, 'x');
  }
}

/** JSON text in which numbers that JSON cannot say are said all the same. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? `#${item}#` : item,
  )
    .replaceAll('"#Infinity#"', '1e999')
    .replaceAll('"#-Infinity#"', '-1e999')
    .replaceAll('"#NaN#"', '"NaN"');
}

/** Damage that any body can take on its way. */
export function harmed(draw: fc.GeneratorValue, body: string): string {
  switch (draw(fc.nat, 60)) {
    case 0:
      return body.slice(0, draw(fc.nat, body.length));
    case 1:
      return `${body}${body}`;
    case 2:
      return body.replace(/[:=<]/, '\0');
    case 3:
      return draw(() =>
        fc.constantFrom('', '[', '{', '"', 'null', '7', '[]', '\ufeff{}', '<', '<a', '<!DOCTYPE a>'),
      );
    case 4:
      return draw(() => fc.constantFrom('[', '{"a":', '<a>', 'a.')).repeat(20_000);
    default:
      return body;
  }
}

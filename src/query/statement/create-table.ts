// CREATE [EXTERNAL] TABLE in Hive's grammar, and CREATE TABLE of Iceberg tables, which Athena added to it.
import { columnList, column } from './hive-column.js';
import type { HiveReader } from './hive-reader.js';
import { propertyList } from './properties.js';
import { QueryFailure } from './query-failure.js';
import { rowFormat, storedAs } from './row-format.js';
import type { ColumnDefinition, CreateTable, PartitionTransform } from './statement.js';

const RULE = 'create table statement';

/** What follows CREATE. The clauses come in this order only, as in Hive. */
export function createTable(reader: HiveReader): CreateTable {
  const isExternal = reader.takeWords('EXTERNAL');
  reader.expectWords(RULE, 'TABLE');
  const statement: Omit<CreateTable, 'location'> = {
    kind: 'create-table',
    isExternal,
    ifNotExists: ifNotExists(reader, RULE),
    table: reader.objectName(),
    columns: isAtSymbol(reader, '(') ? columnList(reader) : [],
    partitionKeys: [],
    partitionTransforms: [],
    properties: {},
  };
  if (reader.takeWords('COMMENT')) statement.comment = reader.string('table comment');
  if (reader.takeWords('PARTITIONED')) {
    reader.expectWords('table partition specification', 'BY');
    Object.assign(statement, partitions(reader));
  }
  if (reader.takeWords('CLUSTERED')) statement.buckets = buckets(reader);
  if (reader.takeWords('ROW', 'FORMAT')) statement.rowFormat = rowFormat(reader);
  if (reader.takeWords('STORED')) {
    reader.expectWords('table file format specification', 'AS');
    statement.storedAs = storedAs(reader);
  }
  // AWS docs, CREATE TABLE: the properties may also come here.
  if (reader.isAtWords('WITH', 'SERDEPROPERTIES')) serdeProperties(reader, statement);
  const location = reader.takeWords('LOCATION') ? reader.string('table location specification') : undefined;
  if (reader.takeWords('TBLPROPERTIES')) {
    statement.properties = propertyList(reader, 'table properties');
  }
  reader.expectEnd();
  return { ...statement, location: location ?? refuseWithoutLocation() };
}

// Seen in public reports: StartQueryExecution itself refuses it.
function refuseWithoutLocation(): never {
  throw new QueryFailure(
    'No location was specified for table. An S3 location must be specified',
    'submission',
    2,
    INVALID_ARGUMENT,
  );
}

/** AWS docs, Athena error catalog. */
const INVALID_ARGUMENT = 1100;

export function ifNotExists(reader: HiveReader, rule: string): boolean {
  if (!reader.takeWords('IF')) return false;
  reader.expectWords(rule, 'NOT', 'EXISTS');
  return true;
}

export function ifExists(reader: HiveReader, rule: string): boolean {
  if (!reader.takeWords('IF')) return false;
  reader.expectWords(rule, 'EXISTS');
  return true;
}

function isAtSymbol(reader: HiveReader, symbol: string, ahead = 0): boolean {
  const { kind, text } = reader.peek(ahead);
  return kind === 'symbol' && text === symbol;
}

function serdeProperties(reader: HiveReader, statement: Pick<CreateTable, 'rowFormat'>): void {
  if (statement.rowFormat?.kind === 'delimited') reader.fail(RULE);
  reader.takeWords('WITH', 'SERDEPROPERTIES');
  const properties = propertyList(reader, 'serde properties specification');
  statement.rowFormat = {
    kind: 'serde',
    library: statement.rowFormat?.library ?? '',
    properties: { ...statement.rowFormat?.properties, ...properties },
  };
}

// Typed columns are Hive's; a bare column or a function of one is Iceberg's.
function partitions(reader: HiveReader): Pick<CreateTable, 'partitionKeys' | 'partitionTransforms'> {
  const rule = 'table partition specification';
  reader.expectSymbol('(', rule);
  const partitionKeys: ColumnDefinition[] = [];
  const partitionTransforms: PartitionTransform[] = [];
  const isTyped = !['(', ',', ')'].some((symbol) => isAtSymbol(reader, symbol, 1));
  do {
    if (isTyped) partitionKeys.push(column(reader));
    else partitionTransforms.push(transform(reader));
  } while (reader.takeSymbol(','));
  reader.expectSymbol(')', rule);
  return { partitionKeys, partitionTransforms };
}

const TRANSFORMS = new Set(['year', 'month', 'day', 'hour', 'bucket', 'truncate']);

// AWS docs, Creating Iceberg tables: the count comes first in bucket(N, column), and second in truncate(column, N);
// Athena's own examples have truncate's either way round.
function transform(reader: HiveReader): PartitionTransform {
  const rule = 'table partition specification';
  if (!isAtSymbol(reader, '(', 1)) {
    return { transform: 'identity', column: reader.name(rule).toLowerCase() };
  }
  const function_ = reader.next();
  const name = function_.value.toLowerCase();
  if (!TRANSFORMS.has(name)) reader.fail(rule);
  reader.expectSymbol('(', rule);
  const takesCount = name === 'bucket' || name === 'truncate';
  const isCountFirst = takesCount && reader.peek().kind === 'number';
  let count = isCountFirst ? countAndComma(reader, rule) : undefined;
  const column = reader.name(rule).toLowerCase();
  if (takesCount && !isCountFirst) {
    reader.expectSymbol(',', rule);
    count = reader.wholeNumber(rule);
  }
  reader.expectSymbol(')', rule);
  return {
    transform: name as PartitionTransform['transform'],
    column,
    ...(count === undefined ? {} : { count }),
  };
}

function countAndComma(reader: HiveReader, rule: string): number {
  const count = reader.wholeNumber(rule);
  reader.expectSymbol(',', rule);
  return count;
}

// What follows CLUSTERED.
function buckets(reader: HiveReader): NonNullable<CreateTable['buckets']> {
  const rule = 'table buckets specification';
  reader.expectWords(rule, 'BY');
  const columns: string[] = [];
  reader.expectSymbol('(', rule);
  do columns.push(reader.name(rule).toLowerCase());
  while (reader.takeSymbol(','));
  reader.expectSymbol(')', rule);
  const sortedBy: { column: string; isDescending: boolean }[] = [];
  if (reader.takeWords('SORTED')) {
    reader.expectWords(rule, 'BY');
    reader.expectSymbol('(', rule);
    do {
      const name = reader.name(rule).toLowerCase();
      const isDescending = reader.takeWords('DESC');
      if (!isDescending) reader.takeWords('ASC');
      sortedBy.push({ column: name, isDescending });
    } while (reader.takeSymbol(','));
    reader.expectSymbol(')', rule);
  }
  reader.expectWords(rule, 'INTO');
  const count = reader.wholeNumber(rule);
  reader.expectWords(rule, 'BUCKETS');
  return { columns, sortedBy, count };
}

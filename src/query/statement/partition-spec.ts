// What comes after PARTITION: values of keys, or conditions on them.
import type { HiveReader } from './hive-reader.js';
import type { PartitionCondition, PartitionSpec } from './statement.js';

const RULE = 'partition specification';

/** `(key = value, ...)`, the parentheses included. */
export function partitionSpec(reader: HiveReader): PartitionSpec {
  return partitionConditions(reader, ['=']).map(({ key, value }) => ({ key, value }));
}

/** `(key < value, ...)`: all of them must hold. */
export function partitionConditions(
  reader: HiveReader,
  operators: readonly string[] = ['=', '!=', '<>', '<', '<=', '>', '>='],
): PartitionCondition {
  reader.expectSymbol('(', RULE);
  const conditions: PartitionCondition = [];
  do {
    const key = reader.name(RULE).toLowerCase();
    const operator = operators.find((candidate) => reader.takeSymbol(candidate));
    if (operator === undefined) {
      reader.expectSymbol('=', RULE);
      return reader.fail(RULE);
    }
    conditions.push({
      key,
      operator: (operator === '<>' ? '!=' : operator) as PartitionCondition[number]['operator'],
      value: partitionValue(reader),
    });
  } while (reader.takeSymbol(','));
  reader.expectSymbol(')', RULE);
  return conditions;
}

// A string, a number with or without a sign, or `DATE '2020-01-01'`.
function partitionValue(reader: HiveReader): string {
  const { kind, word } = reader.peek();
  if (kind === 'number') return reader.next().text;
  if (word === 'TRUE' || word === 'FALSE') return reader.next().text.toLowerCase();
  if (reader.takeSymbol('-')) {
    if (reader.peek().kind !== 'number') reader.fail(RULE);
    return `-${reader.next().text}`;
  }
  if (word === 'DATE' || word === 'TIMESTAMP') reader.next();
  // Strings in a row are one, as everywhere in Hive's constants.
  let value = reader.string(RULE);
  while (['single', 'double'].includes(reader.peek().kind)) value += reader.string(RULE);
  return value;
}

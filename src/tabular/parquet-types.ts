// Hive types of the columns that a Parquet footer describes.
import type { SchemaElement } from 'hyparquet';
import { primitive, type HiveType } from './hive-type.js';

export interface ParquetColumn {
  /** As the file spells it. */
  name: string;
  type: HiveType;
}

interface SchemaNode {
  element: SchemaElement;
  children: SchemaNode[];
}

/** The columns of a footer's schema, which is a tree written out parents first. Throws an Error when it ends within the tree. */
export function parquetColumns(schema: readonly SchemaElement[]): ParquetColumn[] {
  let index = 0;
  const readNode = (): SchemaNode => {
    const element = schema[index++];
    if (!element) throw new Error('the schema in its footer ends too early');
    return { element, children: Array.from({ length: element.num_children ?? 0 }, readNode) };
  };
  return readNode().children.map((node) => ({ name: node.element.name, type: hiveType(node) }));
}

function hiveType(node: SchemaNode): HiveType {
  const { converted_type: converted, logical_type: logical } = node.element;
  const repeated = node.children[0];
  if (repeated?.element.repetition_type === 'REPEATED' && node.children.length === 1) {
    if (converted === 'LIST' || logical?.type === 'LIST')
      return { kind: 'array', item: listItem(node, repeated) };
    if (converted === 'MAP' || converted === 'MAP_KEY_VALUE' || logical?.type === 'MAP') {
      const [key, value] = repeated.children;
      if (key && value) return { kind: 'map', key: hiveType(key), value: hiveType(value) };
    }
  }
  const single = singleType(node);
  return node.element.repetition_type === 'REPEATED' ? { kind: 'array', item: single } : single;
}

/** Parquet format, LogicalTypes, backward compatibility: old writers repeat the item itself, new ones a group around it. */
function listItem(list: SchemaNode, repeated: SchemaNode): HiveType {
  const [only] = repeated.children;
  const isItemItself =
    repeated.children.length !== 1 ||
    repeated.element.name === 'array' ||
    repeated.element.name === `${list.element.name}_tuple`;
  return isItemItself ? singleType(repeated) : hiveType(only!);
}

/** The type of a node, its own repetition aside. */
function singleType({ element, children }: SchemaNode): HiveType {
  if (element.type === undefined) {
    return {
      kind: 'struct',
      members: children.map((child) => ({ name: child.element.name, type: hiveType(child) })),
    };
  }
  return primitive(primitiveName(element));
}

/**
 * Seen in crawled tables: bigint, timestamp (microseconds), decimal(p,s), string, binary, float. Assumptions: integers of
 * 8 and 16 bits, unsigned ones (as wide as their values need, 64 bits as bigint), times of day and
 * nanosecond timestamps (the plain integer they are stored as).
 */
function primitiveName({
  type,
  converted_type: converted,
  logical_type: logical,
  precision,
  scale,
}: SchemaElement) {
  if (converted === 'DECIMAL') return `decimal(${precision ?? 0},${scale ?? 0})`;
  if (logical?.type === 'DECIMAL') return `decimal(${logical.precision},${logical.scale})`;
  switch (type) {
    case 'BOOLEAN':
      return 'boolean';
    case 'INT32':
      if (converted === 'DATE' || logical?.type === 'DATE') return 'date';
      if (logical?.type === 'INTEGER') return integerName(logical.bitWidth, logical.isSigned);
      return INTEGERS[converted ?? ''] ?? 'int';
    case 'INT64': {
      const isTimestamp = logical?.type === 'TIMESTAMP' && logical.unit !== 'NANOS';
      return isTimestamp || converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS'
        ? 'timestamp'
        : 'bigint';
    }
    case 'INT96':
      return 'timestamp';
    case 'FLOAT':
      return 'float';
    case 'DOUBLE':
      return 'double';
    default: {
      const isText =
        TEXTS.includes(converted ?? '') || ['STRING', 'ENUM', 'JSON'].includes(logical?.type ?? '');
      return isText ? 'string' : 'binary';
    }
  }
}

const TEXTS = ['UTF8', 'ENUM', 'JSON'];

const INTEGERS: Readonly<Record<string, string>> = {
  INT_8: 'tinyint',
  INT_16: 'smallint',
  UINT_8: 'smallint',
  UINT_32: 'bigint',
};

function integerName(bitWidth: number, isSigned: boolean): string {
  return INTEGERS[`${isSigned ? '' : 'U'}INT_${bitWidth}`] ?? 'int';
}

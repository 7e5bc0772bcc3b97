// DropNullFields: without the columns in which every value is null, or stands for null.
import type { NodeOf } from './node-kind.js';
import { formatHiveType, primitive, type HiveType } from '../../tabular/hive-type.js';
import type { Expression } from '../plan/expression.js';
import { fieldValue, formatPath } from '../plan/fields.js';
import type { Relation } from '../plan/plan.js';
import { dropPaths } from './drop-fields.js';
import { ONE_INPUT, type RelationKind } from './node-kind.js';

/** Types whose placeholders AWS Glue Studio's generated script looks for, besides text. */
const NUMBER = /^(int|bigint|double)$/;

export const dropNullFields: RelationKind<'DropNullFields'> = {
  kind: 'DropNullFields',
  role: 'transform',
  inputCount: ONE_INPUT,
  members: { Name: 'used', Inputs: 'used', NullCheckBoxList: 'used', NullTextList: 'used' },
  async compile(node, [input], context) {
    const { columns } = input as Relation;
    const placeholders = nullPlaceholders(node);
    const paths = columns.flatMap((column) => leafPaths([column.name], column.type));
    const conditions = paths.map((path) => standsForNull(fieldValue(columns, path), placeholders));
    const holds = await context.inspector.holdsEverywhere(input as Relation, conditions);
    const dropped = paths.filter((_, index) => holds[index]);
    context.log(
      `Node "${context.name}": ${dropped.length === 0 ? 'no field is null everywhere' : `dropped ${dropped.map(formatPath).join(', ')}`}.`,
    );
    return dropped.length === 0 ? (input as Relation) : dropPaths(input as Relation, dropped, context);
  },
};

interface Placeholders {
  texts: string[];
  numbers: string[];
}

function nullPlaceholders(node: NodeOf<'DropNullFields'>): Placeholders {
  const boxes = node.NullCheckBoxList;
  const texts = [...(boxes?.IsEmpty ? [''] : []), ...(boxes?.IsNullString ? ['null'] : [])];
  const numbers = boxes?.IsNegOne ? ['-1'] : [];
  for (const field of node.NullTextList ?? []) {
    const value = field.Value ?? '';
    const typeName = (field.Datatype?.Id ?? field.Datatype?.Label ?? 'string').toLowerCase();
    if (typeName === 'string') texts.push(value.trim());
    else if (!/^(int|integer|long|bigint|double|float|short|byte|number)$/.test(typeName)) {
      throw new Error(`NullTextList: the Datatype "${typeName}" of "${value}" is not supported.`);
    } else if (!Number.isFinite(Number(value)) || value.trim() === '') {
      throw new Error(`NullTextList: "${value}" is not a number, which its Datatype "${typeName}" says.`);
    } else numbers.push(value.trim());
  }
  return { texts, numbers };
}

/** Fields inside structs one by one; an array or map is one field. */
function leafPaths(path: string[], type: HiveType): string[][] {
  if (type.kind !== 'struct') return [path];
  return type.members.flatMap((member) => leafPaths([...path, member.name], member.type));
}

function standsForNull(value: Expression & { type?: HiveType }, placeholders: Placeholders): Expression {
  const typeName = value.type ? formatHiveType(value.type) : '';
  const equals = (left: Expression, text: string, type: HiveType): Expression => ({
    kind: 'compare',
    operator: '=',
    left,
    right: { kind: 'literal', value: text, type },
  });
  const conditions: Expression[] = [{ kind: 'is-null', value }];
  if (typeName === 'string') {
    const trimmed: Expression = { kind: 'trim', value, type: primitive('string') };
    conditions.push(...placeholders.texts.map((text) => equals(trimmed, text, primitive('string'))));
  } else if (NUMBER.test(typeName)) {
    conditions.push(...placeholders.numbers.map((text) => equals(value, text, primitive('double'))));
  }
  return { kind: 'or', conditions };
}

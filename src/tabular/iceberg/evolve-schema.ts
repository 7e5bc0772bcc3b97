// A table's next schema: columns are added, changed and taken out, and the others keep the ids that files know them by.
// Source: the Iceberg table specification, "Schema Evolution".
import type { ExactMetadata } from './exact-metadata.js';
import { icebergFields, type IcebergField, type IcebergType } from './iceberg-schema.js';

export interface SchemaColumn {
  name: string;
  /** In Hive's spelling. */
  type: string;
  comment?: string;
}

export type ColumnPosition = { kind: 'first' } | { kind: 'after'; column: string };

/** What a schema cannot become, in Iceberg's words as far as they are known. */
export class SchemaChangeError extends Error {
  override readonly name = 'SchemaChangeError';
}

export function currentSchemaFields(metadata: ExactMetadata): IcebergField[] {
  const schema = metadata.schemas.find((each) => each['schema-id'] === metadata['current-schema-id']);
  return schema?.fields ?? [];
}

/** @throws SchemaChangeError for a name that is there; AwsError for a type that Iceberg does not have */
export function withColumns(metadata: ExactMetadata, columns: readonly SchemaColumn[]): ExactMetadata {
  const fields = currentSchemaFields(metadata);
  const given = columns.map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment }));
  const added = icebergFields(given, Number(metadata['last-column-id']));
  const changed = [...fields, ...added.fields];
  requireDistinct(changed);
  return { ...withFields(metadata, changed), 'last-column-id': added.lastColumnId };
}

/** @throws SchemaChangeError for a column that is not there, and a type that its values would not fit */
export function withChangedColumn(
  metadata: ExactMetadata,
  oldName: string,
  { name, type, comment }: SchemaColumn,
  position?: ColumnPosition,
): ExactMetadata {
  const fields = currentSchemaFields(metadata);
  const field = requireField(fields, oldName);
  const [wanted] = icebergFields([{ Name: name, Type: type }]).fields as [IcebergField];
  const doc = comment ?? field.doc;
  const changed: IcebergField = {
    ...field,
    name,
    type: promoted(field, wanted.type),
    ...(doc !== undefined && { doc }),
  };
  const replaced = fields.map((each) => (each === field ? changed : each));
  requireDistinct(replaced);
  return withFields(metadata, position ? moved(replaced, changed, position) : replaced);
}

/** @throws SchemaChangeError for a column that is not there, that the table is parted by, or that is the last one */
export function withoutColumn(metadata: ExactMetadata, name: string): ExactMetadata {
  const fields = currentSchemaFields(metadata);
  const field = requireField(fields, name);
  const parting = metadata['partition-specs'].flatMap((spec) => spec.fields);
  if (parting.some((each) => each['source-id'] === field.id && each.transform !== 'void')) {
    throw new SchemaChangeError(`Cannot delete column ${name}: the table is partitioned by it`);
  }
  if (fields.length === 1)
    throw new SchemaChangeError(`Cannot delete column ${name}: the table has no other`);
  return withFields(
    metadata,
    fields.filter((each) => each !== field),
  );
}

function withFields(metadata: ExactMetadata, fields: IcebergField[]): ExactMetadata {
  const id = Math.max(...metadata.schemas.map((each) => each['schema-id'])) + 1;
  const schema = { type: 'struct', 'schema-id': id, fields };
  return { ...metadata, schemas: [...metadata.schemas, schema], 'current-schema-id': id };
}

const isCalled = (field: IcebergField, name: string) => field.name.toLowerCase() === name.toLowerCase();

function requireField(fields: readonly IcebergField[], name: string): IcebergField {
  const field = fields.find((each) => isCalled(each, name));
  if (!field) throw new SchemaChangeError(`Invalid column reference ${name}`);
  return field;
}

function requireDistinct(fields: readonly IcebergField[]): void {
  for (const [index, field] of fields.entries()) {
    if (fields.findIndex((each) => isCalled(each, field.name)) !== index)
      throw new SchemaChangeError(`Duplicate column name: ${field.name}`);
  }
}

function moved(
  fields: readonly IcebergField[],
  field: IcebergField,
  position: ColumnPosition,
): IcebergField[] {
  const others = fields.filter((each) => each !== field);
  if (position.kind === 'first') return [field, ...others];
  const after = others.indexOf(requireField(others, position.column));
  return [...others.slice(0, after + 1), field, ...others.slice(after + 1)];
}

/** Source: the specification's table of valid promotions. */
function promoted({ name, type: from }: IcebergField, to: IcebergType): IcebergType {
  if (JSON.stringify(withoutIds(from)) === JSON.stringify(withoutIds(to))) return from;
  if ((from === 'int' && to === 'long') || (from === 'float' && to === 'double')) return to;
  const [before, after] = [decimalOf(from), decimalOf(to)];
  if (before && after && before.scale === after.scale && before.precision < after.precision) return to;
  throw new SchemaChangeError(`Cannot change column type: ${name}: ${textOf(from)} -> ${textOf(to)}`);
}

const textOf = (type: IcebergType) => (typeof type === 'string' ? type : type.type);

function decimalOf(type: IcebergType): { precision: number; scale: number } | undefined {
  const [, precision, scale] = (typeof type === 'string' && /^decimal\((\d+), ?(\d+)\)$/.exec(type)) || [];
  return precision === undefined ? undefined : { precision: Number(precision), scale: Number(scale) };
}

/** What is nested, without what its ids, comments and rules say: a statement cannot tell them. */
function withoutIds(type: IcebergType): unknown {
  if (typeof type === 'string') return type.replace(/,\s*/, ',');
  switch (type.type) {
    case 'list':
      return ['list', withoutIds(type.element)];
    case 'map':
      return ['map', withoutIds(type.key), withoutIds(type.value)];
    case 'struct':
      return ['struct', type.fields.map((field) => [field.name.toLowerCase(), withoutIds(field.type)])];
  }
}

// A table's columns as a sample shows them, and how sure that is: attribute, types seen, presence in percent.
import type { CatalogScope } from '../catalog-scope.js';
import type { DynamodbTable } from '../dynamodb-table.js';
import { attributeShape, type AttributeShape, type DynamodbType } from './attribute-shape.js';
import { scanSample, type Pacing, type Sample } from './scan-sample.js';

export interface SampledAttribute {
  /** As DynamoDB spells it; several that differ in case only are one column. */
  attribute: string;
  /** As the catalog spells it. */
  column: string;
  hiveType: string;
  types: DynamodbType[];
  /** Percent of the sampled items that have it; one decimal. */
  presence: number;
}

export interface SampledTable extends Sample {
  TableName: string;
  /** Keys first, then by name. */
  attributes: SampledAttribute[];
}

const KEY_TYPES = { S: 'string', N: 'bigint', B: 'binary' } as const;
/** AWS docs, Column: longest name, in characters. */
const COLUMN_NAME_LENGTH_MAX = 255;

export async function sampleTable(
  scope: CatalogScope,
  table: DynamodbTable,
  options: Pacing & { maxItems?: number },
): Promise<SampledTable> {
  const shapes = new Map<string, { attribute: string; shape: AttributeShape }>();
  const sample = await scanSample(scope, table, options, (item) => {
    for (const [attribute, value] of Object.entries(item)) {
      const column = columnName(attribute);
      let found = shapes.get(column);
      if (!found) shapes.set(column, (found = { attribute, shape: attributeShape() }));
      found.shape.see(value);
    }
  });
  const keys = table.keys.map(({ AttributeName }) => columnName(AttributeName));
  const others = [...shapes.keys()].filter((column) => !keys.includes(column)).sort();
  const attributes = [...new Set([...keys, ...others])].map((column): SampledAttribute => {
    const found = shapes.get(column);
    const key = table.keys.find(({ AttributeName }) => columnName(AttributeName) === column);
    // An empty table has its keys all the same.
    if (!found) {
      const { AttributeName = column, AttributeType = 'S' } = key ?? {};
      return {
        attribute: AttributeName,
        column,
        hiveType: KEY_TYPES[AttributeType],
        types: [AttributeType],
        presence: 0,
      };
    }
    return {
      attribute: found.attribute,
      column,
      hiveType: found.shape.hiveType(),
      types: found.shape.types(),
      // Two attributes that differ in case only may both be in one item.
      presence: Math.min(100, Math.round((found.shape.count / sample.items) * 1000) / 10),
    };
  });
  return { TableName: table.TableName, ...sample, attributes };
}

/** The name that an attribute has as a column. */
function columnName(attribute: string): string {
  return attribute
    .toLowerCase()
    .replace(/\p{Cc}/gu, '_')
    .slice(0, COLUMN_NAME_LENGTH_MAX);
}

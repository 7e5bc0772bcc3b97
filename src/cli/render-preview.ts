// Tables and outputs of a stack, as the demo shows them.
import type { StackPreview } from '../toolkit/stack/index.js';
import type { Output } from './output.js';
import { renderTable } from './table.js';

const COLUMN_COUNT_MAX = 12;

export function renderPreview(
  { bucket, tables, outputs }: StackPreview,
  { colors, width }: Pick<Output, 'colors' | 'width'>,
): string {
  const parts: string[] = [];
  for (const table of tables) {
    const counts = `${table.classification}, about ${table.recordCount} records of ${table.averageRecordSize} bytes`;
    parts.push(`\n${colors.bold(`Table ${table.Name}`)}  ${counts}\n${colors.dim(table.Location ?? '')}`);
    const shown = table.columns
      .slice(0, COLUMN_COUNT_MAX)
      .map((column) => `${column.Name} ${colors.cyan(column.Type)}`);
    const rest = table.columns.length - shown.length;
    parts.push(`${shown.join(', ')}${rest > 0 ? ` … and ${rest} more columns` : ''}`);
  }
  for (const { prefix, objects, first } of outputs) {
    parts.push(
      `\n${colors.bold(`Output ${prefix}`)}  ${objects.length} object${objects.length === 1 ? '' : 's'}`,
    );
    for (const object of objects)
      parts.push(`${colors.dim(`s3://${bucket}/${object.key}`)}  ${object.size} bytes`);
    if (first) {
      parts.push(`First rows of ${first.rowCount} (${first.format}):`);
      parts.push(renderTable({ head: first.columns, rows: first.rows }, width));
    }
  }
  return `${parts.join('\n')}\n`;
}

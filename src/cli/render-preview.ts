// Tables and outputs of a stack, as the demo shows them.
import type { StackPreview } from '../toolkit/stack/index.js';
import { countText } from './count-text.js';
import type { Output } from './output.js';
import { renderTable } from './table.js';

export function renderPreview(
  { bucket, tables, outputs }: StackPreview,
  { colors, width }: Pick<Output, 'colors' | 'width'>,
): string {
  const parts: string[] = [];
  for (const table of tables) {
    const counts = `${table.classification}, about ${table.recordCount} records of ${table.averageRecordSize} bytes`;
    parts.push(`\n${colors.bold(`Table ${table.Name}`)}  ${counts}\n${colors.dim(table.Location ?? '')}`);
    const columns = table.columns.map((column) => ({
      text: `${column.Name} ${column.Type}`,
      shown: `${column.Name} ${colors.cyan(column.Type)}`,
    }));
    parts.push(...wrap(columns, width));
  }
  for (const { prefix, objects, first } of outputs) {
    parts.push(`\n${colors.bold(`Output ${prefix}`)}  ${countText(objects.length, 'object')}`);
    for (const object of objects)
      parts.push(`${colors.dim(`s3://${bucket}/${object.key}`)}  ${object.size} bytes`);
    if (first) {
      parts.push(`First rows of ${first.rowCount} (${first.format}):`);
      parts.push(renderTable({ head: first.columns, rows: first.rows }, width));
    }
  }
  return `${parts.join('\n')}\n`;
}

// Colour codes take no room on the screen, so the text without them is what is measured.
function wrap(items: readonly { text: string; shown: string }[], width: number): string[] {
  const lines: string[] = [];
  let used = Infinity;
  for (const [index, { text, shown }] of items.entries()) {
    const separator = index === items.length - 1 ? '' : ', ';
    if (used + text.length + separator.length > width) {
      lines.push('  ');
      used = 2;
    }
    lines[lines.length - 1] += shown + separator;
    used += text.length + separator.length;
  }
  return lines;
}

// What a crawl would do and why, for people.
import type { CrawlPreview, PreviewedColumn } from '../connect.js';
import { countText } from './count-text.js';
import type { Output } from './output.js';

const SIGNS = { create: '+', update: '~', delete: '-' } as const;

export function renderCrawlPreview(preview: CrawlPreview, { colors }: Pick<Output, 'colors'>): string {
  const lines: string[] = [];
  for (const table of preview.tables) {
    const packed = table.compressionType === 'none' ? '' : ` (${table.compressionType})`;
    const keys =
      table.partitionKeys.length === 0
        ? ''
        : `, ${countText(table.partitionCount, 'partition')} by ${table.partitionKeys.join(', ')}`;
    lines.push(
      '',
      `${colors.bold(`Table ${table.name}`)}  ${table.classification}${packed}, ${countText(table.fileCount, 'file')}${keys}`,
      colors.dim(table.location),
      ...table.reasons.map((reason) => `  ${reason}`),
      ...table.classifierReasons.map((reason) => `  ${reason}`),
      ...table.columns.flatMap((column) => renderColumn(column, colors)),
    );
  }
  lines.push('', colors.bold(`A crawl would change database ${preview.database}:`));
  for (const { kind, action, table, count, reason } of preview.changes) {
    const what = kind === 'table' ? `table ${table}` : `${countText(count, 'partition')} of ${table}`;
    lines.push(`  ${SIGNS[action]} ${what}  ${colors.dim(reason)}`);
  }
  if (preview.changes.length === 0) lines.push('  nothing');
  const notes = preview.log.filter(({ level }) => level === 'WARN' || level === 'ERROR');
  if (notes.length > 0) lines.push('', ...notes.map(({ level, text }) => `${colors.yellow(level)} ${text}`));
  return lines.join('\n').trimStart();
}

/** One line a column; more where files or values do not agree. */
function renderColumn({ name, type, evidence }: PreviewedColumn, colors: Output['colors']): string[] {
  const head = `  ${name} ${colors.cyan(type)}`;
  const isPlain = evidence.length <= 1 && (evidence[0]?.values.length ?? 0) <= 1;
  if (isPlain) {
    const [value] = evidence[0]?.values ?? [];
    return [value && value.value !== value.type ? `${head}  ${colors.dim(`e.g. ${value.value}`)}` : head];
  }
  return [
    head,
    ...evidence.flatMap((each) => [
      `    ${each.type} in ${countText(each.fileCount, 'file')}: ${each.files.join(', ')}${each.fileCount > each.files.length ? ', ...' : ''}`,
      ...each.values.map((value) =>
        colors.dim(`      ${value.type} in record ${value.record}: ${value.value}`),
      ),
    ]),
  ];
}

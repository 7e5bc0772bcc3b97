// Tables for people, as wide as the terminal.
import CliTable from 'cli-table3';
import { countText } from './count-text.js';

const CELL_WIDTH_MAX = 40;

export interface TableRows {
  head: readonly string[];
  rows: readonly (readonly (string | null)[])[];
}

/** Columns that do not fit are left out from the right, with a line that says how many. */
export function renderTable({ head, rows }: TableRows, width: number): string {
  const widths = head.map((name, index) => {
    const longest = Math.max(name.length, ...rows.map((row) => cell(row[index]).length));
    return Math.min(longest, CELL_WIDTH_MAX) + 3;
  });
  let count = 0;
  for (let used = 1; count < widths.length && used + (widths[count] as number) <= width; count++) {
    used += widths[count] as number;
  }
  count = Math.max(count, 1);
  const table = new CliTable({ head: head.slice(0, count), style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(head.slice(0, count).map((_, index) => shorten(cell(row[index]))));
  const rest = head.length - count;
  return rest > 0 ? `${table.toString()}\n… and ${countText(rest, 'more column')}` : table.toString();
}

function cell(value: string | null | undefined): string {
  return value ?? '';
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > CELL_WIDTH_MAX ? `${line.slice(0, CELL_WIDTH_MAX - 1)}…` : line;
}

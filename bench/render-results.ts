// Results as a table for people.
import Table from 'cli-table3';
import type { Result, Target, Unit } from './measure.js';

export interface Machine {
  date: string;
  node: string;
  processors: number;
  memoryGB: number;
  /** Average load of the minute before the run: what others did on the machine. */
  loadBefore: number;
  sizeMB: number;
  quick: boolean;
}

export function renderResults(machine: Machine, results: readonly Result[]): string {
  const table = new Table({
    head: ['name', 'measured', 'limit', 'ratio', 'target', 'met'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
  });
  for (const result of results) {
    const { name, unit, measured, target } = result;
    const [limit, ratio, met] =
      'missing' in result
        ? [result.missing, '', 'not measured']
        : [
            `${quantity(result.limit.value, unit)} ${result.limit.name}`,
            `${short(result.ratio)}x`,
            result.met ? 'yes' : 'NO',
          ];
    table.push([name, quantity(measured, unit), limit, ratio, targetText(target), met]);
  }
  const { date, node, processors, memoryGB, loadBefore, sizeMB, quick } = machine;
  return (
    `${table.toString()}\n${date}, ${processors} processors, ${memoryGB} GB, Node ${node}, load ${short(loadBefore)} before, large files of ${sizeMB} MB` +
    `${quick ? ', --quick: not to be quoted' : ''}\n`
  );
}

function quantity(value: number, unit: Unit): string {
  return unit === '1/s' ? `${short(value)}/s` : `${short(value)} ${unit}`;
}

function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function targetText(target: Target): string {
  return 'atMost' in target ? `<= ${target.atMost}x` : `>= ${target.atLeast}x`;
}

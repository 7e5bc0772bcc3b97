// Differences of catalogs as people read them: one line an object, + ~ - in front, members below.
import { keyLabel } from '../change/index.js';
import type { LeftOut, ObjectDifference } from '../toolkit/catalog-snapshot/index.js';
import { countText } from './count-text.js';
import { differenceLines } from './difference-text.js';
import type { Colors } from './output.js';

/** Partitions of a table that are shown for each action; the rest is counted. */
const PARTITIONS_SHOWN_MAX = 10;

const NAMES_SHOWN_MAX = 5;

const PARTS: Record<LeftOut['partsOfTables'][number], string> = {
  'partition-index': 'partition indexes',
  'table-statistics': 'column statistics of tables',
  'partition-statistics': 'column statistics of partitions',
};

/** @param snapshot the one that knows of it */
export function leftOutText({ databases, tables, partsOfTables }: LeftOut, snapshot: string): string {
  const named = (names: readonly string[], one: string) => {
    if (names.length === 0) return [];
    const more = names.length > NAMES_SHOWN_MAX ? `, … (${names.length} in all)` : '';
    return [`${one}${names.length === 1 ? '' : 's'} ${names.slice(0, NAMES_SHOWN_MAX).join(', ')}${more}`];
  };
  const what = [
    ...named(databases, 'database'),
    ...named(tables, 'table'),
    ...partsOfTables.map((kind) => PARTS[kind]),
  ];
  return `Not compared, for only ${snapshot} covers it: ${what.join('; ')}.`;
}

export type DifferenceCounts = Record<ObjectDifference['action'], number>;

/** Prints differences as they come. */
export function differencePrinter(print: (text: string) => void, colors: Colors) {
  const signs = { create: colors.green('+'), update: colors.yellow('~'), delete: colors.red('-') };
  const counts: DifferenceCounts = { create: 0, update: 0, delete: 0 };
  let table = '';
  let partitions: DifferenceCounts = { create: 0, update: 0, delete: 0 };

  const printRest = () => {
    for (const action of ['create', 'update', 'delete'] as const) {
      const rest = partitions[action] - PARTITIONS_SHOWN_MAX;
      if (rest > 0) print(`  ${signs[action]} … ${countText(rest, 'more partition')} of ${table}`);
    }
    partitions = { create: 0, update: 0, delete: 0 };
  };

  return {
    counts,
    print({ action, key, differences }: ObjectDifference) {
      counts[action]++;
      const name = 'TableName' in key ? `${key.DatabaseName}.${key.TableName}` : key.DatabaseName;
      if (name !== table) {
        printRest();
        table = name;
      }
      const isPartition = key.kind === 'partition' || key.kind === 'partition-statistics';
      if (isPartition && ++partitions[action] > PARTITIONS_SHOWN_MAX) return;
      print(`  ${signs[action]} ${keyLabel(key)}`);
      for (const line of differenceLines(differences)) print(line);
    },
    finish() {
      printRest();
      const { create, update, delete: gone } = counts;
      print(
        create + update + gone === 0 ? 'No differences.' : `${create} new, ${update} changed, ${gone} gone.`,
      );
    },
  };
}

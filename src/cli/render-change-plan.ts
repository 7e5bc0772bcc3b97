// Plans for a catalog as people read them: one line an object, + ~ - ! in front, with the members that differ and why.
import { countActions, definitionDifferences, keyLabel, type Change, type Plan } from '../change/index.js';
import type { CatalogObjectKind } from '../change/index.js';
import { differenceLines } from './difference-text.js';
import type { Colors } from './output.js';

/** Partitions of a table that are shown for each action; the rest is counted. */
const PARTITIONS_SHOWN_MAX = 10;

export function renderChangePlan(plan: Plan, colors: Colors): string {
  const lines: string[] = [];
  const hidden = new Map<string, { count: number; line: (count: number) => string }>();
  const shown = new Map<string, number>();
  for (const change of plan.changes) {
    const { action, key } = change;
    if (key.kind === 'partition' || key.kind === 'partition-statistics') {
      const group = `${action} ${key.DatabaseName}.${key.TableName}`;
      const count = (shown.get(group) ?? 0) + 1;
      shown.set(group, count);
      if (count > PARTITIONS_SHOWN_MAX) {
        const line = (rest: number) =>
          `  ${signOf(change, colors)} … ${rest} more of ${key.DatabaseName}.${key.TableName}`;
        hidden.set(group, { count: count - PARTITIONS_SHOWN_MAX, line });
        continue;
      }
    }
    lines.push(...renderChange(change, colors));
  }
  for (const { count, line } of hidden.values()) lines.push(line(count));
  const counts = countActions(plan.changes);
  const parts = [
    `${counts.create + counts.recreate} to create`,
    `${counts.update} to change`,
    `${counts.delete} to delete`,
    `${counts.skip} to leave`,
    ...(counts.conflict > 0 ? [colors.red(`${counts.conflict} in conflict`)] : []),
  ];
  return [...lines, `Plan ${plan.planId}: ${parts.join(', ')}.`].join('\n');
}

function renderChange(change: Change, colors: Colors): string[] {
  const { action, key, current, wanted, reason } = change;
  const head = `  ${signOf(change, colors)} ${keyLabel(key)} ${colors.dim(`(${reason.replace(/\.$/, '')})`)}`;
  const isCompared = action === 'update' || (action === 'conflict' && current && wanted);
  if (!isCompared) return [head];
  const differences = definitionDifferences<CatalogObjectKind>(key.kind, current, wanted);
  return [head, ...differenceLines(differences)];
}

function signOf({ action }: Change, colors: Colors): string {
  switch (action) {
    case 'create':
    case 'recreate':
      return colors.green('+');
    case 'update':
      return colors.yellow('~');
    case 'delete':
      return colors.red('-');
    case 'conflict':
      return colors.red('!');
    case 'skip':
      return ' ';
  }
}

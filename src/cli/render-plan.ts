// Plans as people read them: one line a change, + ~ - ! in front.
import { countPlan, type DestroyPlan, type StackChange, type StackPlan } from '../toolkit/stack/index.js';
import { differenceLines } from './difference-text.js';
import type { Colors } from './output.js';

export function renderPlan(plan: StackPlan, colors: Colors): string {
  const lines = plan.changes.flatMap((change) => renderChange(change, colors));
  for (const run of plan.runs) {
    if (run.action === 'run')
      lines.push(`  ${colors.cyan('▸')} run ${run.kind} ${run.name} ${colors.dim(`(${run.reason})`)}`);
  }
  const counts = countPlan(plan);
  const unchanged = plan.changes.filter((change) => change.action === 'skip').length;
  const parts = [
    `${counts.create} to create`,
    `${counts.update} to change`,
    `${counts.delete} to delete`,
    `${counts.run} to run`,
    `${unchanged} unchanged`,
    ...(counts.conflict > 0 ? [colors.red(`${counts.conflict} in conflict`)] : []),
  ];
  return [...lines, `Plan: ${parts.join(', ')}.`].join('\n');
}

/** One line a change, and one a difference; none for what stays. */
export function renderChange(change: StackChange, colors: Colors): string[] {
  const subject = `${change.kind} ${change.name}`;
  const reason = colors.dim(`(${change.reason})`);
  switch (change.action) {
    case 'create':
      return [`  ${colors.green('+')} ${subject} ${reason}`];
    case 'update':
      return [`  ${colors.yellow('~')} ${subject} ${reason}`, ...differenceLines(change.differences)];
    case 'delete':
      return [`  ${colors.red('-')} ${subject} ${reason}`];
    case 'conflict':
      return [`  ${colors.red('!')} ${subject}: ${change.reason}`, ...differenceLines(change.differences)];
    case 'skip':
      return [];
  }
}

export function renderDestroyPlan({ steps }: DestroyPlan, colors: Colors): string {
  const lines = steps.map((step) =>
    step.action === 'delete'
      ? `  ${colors.red('-')} ${step.kind} ${step.name} ${colors.dim(`(${step.reason})`)}`
      : `    ${step.kind} ${step.name} stays: ${step.reason}`,
  );
  const count = steps.filter((step) => step.action === 'delete').length;
  return [...lines, `Plan: ${count} to delete, ${steps.length - count} to keep.`].join('\n');
}

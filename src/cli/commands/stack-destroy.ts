// gluepot stack destroy FILE
import { destroyStack, planDestroy } from '../../toolkit/stack/index.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import type { Outcome } from '../output.js';
import { renderDestroyPlan } from '../render-plan.js';
import { withStack } from '../stack-session.js';

export async function stackDestroy(
  context: CommandContext,
  file: string,
  options: { includeForeign?: boolean; dryRun?: boolean; yes?: boolean },
): Promise<Outcome> {
  const { output, signal } = context;
  return withStack(context, file, async ({ spec, scope, heading }) => {
    const plan = await planDestroy(scope, spec, options);
    output.print(heading);
    output.print(renderDestroyPlan(plan, output.colors));
    if (options.dryRun) return { result: { dryRun: true, steps: plan.steps } };
    if (plan.steps.some((step) => step.action === 'delete')) {
      await confirm('Delete all of this?', { isYes: options.yes ?? false, signal });
    }
    const report = await destroyStack(scope, plan, (event) => output.progress.report(event));
    output.print(`Destroyed: ${report.deleted.length} deleted, ${report.kept.length} left.`);
    return { result: { dryRun: false, ...report } };
  });
}

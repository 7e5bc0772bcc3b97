// gluepot demo: the stack in examples/demo, applied, verified and shown.
import {
  applyStack,
  countPlan,
  destroyStack,
  planDestroy,
  planStack,
  previewStack,
  verifyStack,
} from '../../toolkit/stack/index.js';
import { packageFile } from '../../base/package-file.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import type { Outcome } from '../output.js';
import { renderChecks } from '../render-checks.js';
import { renderDestroyPlan, renderPlan } from '../render-plan.js';
import { renderPreview } from '../render-preview.js';
import { withStack, type StackSession } from '../stack-session.js';
import { planResult } from './stack-plan.js';

const FILE = packageFile('examples/demo/stack.yaml');
const ROW_COUNT = 5;

export interface DemoOptions {
  destroy?: boolean;
  run?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

export async function demo(context: CommandContext, options: DemoOptions): Promise<Outcome> {
  const { output } = context;
  const startMs = Date.now();
  return withStack(context, FILE, async (session) => {
    const { spec, scope, folder, heading } = session;
    const plan = await planStack(scope, spec, folder, options);
    output.print(heading);
    output.print(renderPlan(plan, output.colors));
    if (options.dryRun) return { result: { dryRun: true, plan: planResult(plan) } };
    await confirmOnAccount(context, plan, options.yes ?? false);
    const report = await applyStack(scope, plan, (event) => output.progress.report(event));
    const preview = await previewStack(scope, spec, ROW_COUNT);
    output.print(renderPreview(preview, output));
    const checks = await verifyStack(scope, spec);
    output.print(renderChecks(checks, output.colors));
    const destroyed = options.destroy ? await destroy(context, session) : undefined;
    const durationMs = Date.now() - startMs;
    output.print(`Done in ${(durationMs / 1000).toFixed(1)} s.`);
    if (!destroyed) output.print(nextSteps(context));
    return {
      result: {
        dryRun: false,
        plan: planResult(plan),
        runs: report.runs,
        ...preview,
        checks,
        destroyed: destroyed ?? null,
        durationMs,
      },
      exitCode: checks.every((check) => check.ok) ? 0 : 1,
    };
  });
}

// On the embedded AWS there is nothing that the demo could harm or cost.
async function confirmOnAccount(
  { options, signal }: CommandContext,
  plan: Parameters<typeof countPlan>[0],
  isYes: boolean,
): Promise<void> {
  const { create, update, run, conflict } = countPlan(plan);
  if (options.target !== 'aws' || conflict > 0 || create + update + run === 0) return;
  await confirm('This makes and runs all of the above on an AWS account, which costs money. Go on?', {
    isYes,
    signal,
  });
}

async function destroy({ output }: CommandContext, { scope, spec }: StackSession) {
  const plan = await planDestroy(scope, spec);
  output.print(renderDestroyPlan(plan, output.colors));
  return destroyStack(scope, plan, (event) => output.progress.report(event));
}

function nextSteps({ options }: CommandContext): string {
  const suffix = options.target === 'aws' ? ' --target aws' : '';
  return [
    'Next:',
    `  gluepot demo --destroy${suffix}   take it all away again`,
    `  gluepot stack plan FILE${suffix}  your own pipeline; begin with a copy of ${FILE}`,
    ...(options.target === 'aws'
      ? []
      : ['  gluepot up                serve it on a port, for the AWS CLI, boto3, Terraform, Spark']),
  ].join('\n');
}

// gluepot launch evaluate|run|sweep SPEC
import { GetJobRunCommand } from '@aws-sdk/client-glue';
import { poll } from '../../aws/poll.js';
import {
  evaluateEvent,
  isAtWork,
  launch,
  parseLaunchEvent,
  sweep,
  type Evaluation,
  type GateResult,
  type LaunchEvent,
  type LaunchScope,
  type LaunchSpec,
} from '../../toolkit/job-launch/index.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import { readJsonInput } from '../json-input.js';
import { sourceText, withLaunch, type SpecSource } from '../launch-session.js';
import type { Outcome, Output } from '../output.js';
import { withSlowProgress } from '../slow-progress.js';
import { renderTable } from '../table.js';

export interface LaunchOptions {
  event?: string;
  yes?: boolean;
  wait?: boolean;
  timeout?: number;
  dryRun?: boolean;
  detailedExitcode?: boolean;
}

export async function launchEvaluate(
  context: CommandContext,
  source: SpecSource,
  options: LaunchOptions,
): Promise<Outcome> {
  const event = await readEvent(options.event);
  return withLaunch(context, source, async ({ spec, scope, records }) => {
    const { output } = context;
    const evaluation = await withSlowProgress(output.progress, 'gates', () =>
      evaluateEvent(scope, { spec, records, event }),
    );
    print(output, evaluation);
    return { result: evaluation, exitCode: exitCodeOf(evaluation, options) };
  });
}

export async function launchRun(
  context: CommandContext,
  source: SpecSource,
  options: LaunchOptions,
): Promise<Outcome> {
  if (options.dryRun) return launchEvaluate(context, source, options);
  const event = await readEvent(options.event);
  return withLaunch(context, source, async ({ spec, scope, records, connection }) => {
    const { output, signal } = context;
    const question = `Start job ${spec.start.job} in ${connection.description} if every gate passes${preparation(spec)}?`;
    await confirm(question, { isYes: options.yes === true, signal });
    const outcome = await withSlowProgress(output.progress, 'launch', () =>
      event ? launch(scope, { spec, records, event }) : sweep(scope, { spec, records }),
    );
    print(output, outcome);
    for (const problem of outcome.notNotified ?? []) output.warn(problem);
    if (outcome.run) {
      const { runId, runKey, clearedCount, tables } = outcome.run;
      output.print(`Started run ${runId} of job ${spec.start.job}; run key ${runKey}.`);
      if (tables.length > 0) output.print(`Redefined: ${tables.join(', ')}.`);
      if (clearedCount > 0) {
        output.print(
          `${clearedCount} objects are in the trash: gluepot launch restore ${sourceText(source)} ${runKey}`,
        );
      }
    }
    if (outcome.run && options.wait) {
      const state = await endOf(scope, spec.start.job, outcome.run.runId, options.timeout ?? 0);
      output.print(`The run is ${state}.`);
      return { result: { ...outcome, state }, exitCode: state === 'SUCCEEDED' ? 0 : 1 };
    }
    return { result: outcome, exitCode: exitCodeOf(outcome, options) };
  });
}

/** What happens before the start, for the question. */
function preparation({ prepare: { clear, tables } }: LaunchSpec): string {
  const names = tables.map(({ database, table }) => `${database}.${table}`);
  const steps = [
    ...(clear.length > 0 ? [`what is in ${clear.join(', ')} was moved to the trash`] : []),
    ...(names.length > 0 ? [`${names.join(', ')} got their new definitions`] : []),
  ];
  return steps.length > 0 ? `, after ${steps.join(' and ')}` : '';
}

function endOf(scope: LaunchScope, JobName: string, RunId: string, minutes: number): Promise<string> {
  const { signal = new AbortController().signal } = scope;
  const hint = 'The run goes on; look at it with gluepot launch status.';
  return poll<string>(
    { clock: scope.clock, signal },
    { what: `run ${RunId} of job ${JobName}`, timeoutMs: minutes * 60_000, hint },
    async () => {
      const { JobRun } = await scope.clients.glue.send(new GetJobRunCommand({ JobName, RunId }), {
        abortSignal: signal,
      });
      const state = JobRun?.JobRunState;
      return JobRun && !isAtWork(JobRun) ? { done: state as string } : { state };
    },
  );
}

function print(output: Output, { decision, message, gates }: Evaluation): void {
  const { colors } = output;
  const paint = { pass: colors.green, wait: colors.yellow, block: colors.red };
  const rows = gates.map(({ gate, verdict, reason, message: why }: GateResult) => [
    gate,
    paint[verdict](verdict),
    reason,
    why,
  ]);
  if (rows.length > 0) output.print(renderTable({ head: ['gate', '', 'reason', ''], rows }, output.width));
  output.print(`${decision}: ${message}`);
}

function exitCodeOf({ decision }: Evaluation, { detailedExitcode }: LaunchOptions): number {
  return detailedExitcode && decision === 'launch' ? 2 : 0;
}

async function readEvent(file: string | undefined): Promise<LaunchEvent | undefined> {
  if (file === undefined) return undefined;
  return parseLaunchEvent(await readJsonInput('event', file));
}

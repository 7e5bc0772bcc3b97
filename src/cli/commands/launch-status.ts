// gluepot launch status SPEC
import { GetJobRunCommand } from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { isLaunching, type LaunchScope } from '../../toolkit/job-launch/index.js';
import type { CommandContext } from '../command.js';
import { withLaunch, type SpecSource } from '../launch-session.js';
import type { Outcome } from '../output.js';

export async function launchStatus(context: CommandContext, source: SpecSource): Promise<Outcome> {
  return withLaunch(context, source, async ({ spec, scope, records }) => {
    const { output } = context;
    const lease = (await records.lease())?.content;
    if (!lease) {
      output.print(`Nothing was launched by ${spec.name} yet; its records will be in ${records.location}.`);
      return { result: { lease: null, runState: null } };
    }
    const runState =
      lease.runId === undefined ? undefined : await stateOf(scope, spec.start.job, lease.runId);
    const { phase, runKey, token, expiresAt, runId } = lease;
    // How far the launch is; what became of its run, Glue knows.
    const progress = phase === 'running' ? 'it has started its run' : phase;
    output.print(
      `Launch ${token}, run key ${runKey}: ${progress}${isLaunching(lease) ? `, until ${expiresAt} at the latest` : ''}.`,
    );
    if (runId !== undefined)
      output.print(`Run ${runId} of job ${spec.start.job} is ${runState ?? 'forgotten by Glue'}.`);
    return { result: { lease, runState: runState ?? null } };
  });
}

async function stateOf(scope: LaunchScope, JobName: string, RunId: string): Promise<string | undefined> {
  try {
    const { JobRun } = await scope.clients.glue.send(new GetJobRunCommand({ JobName, RunId }), {
      abortSignal: scope.signal,
    });
    return JobRun?.JobRunState;
  } catch (error) {
    if (isAwsError(error, 'EntityNotFoundException')) return undefined;
    throw error;
  }
}

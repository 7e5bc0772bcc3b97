// gluepot launch policy SPEC
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { launchPolicy } from '../../toolkit/job-launch/index.js';
import type { CommandContext } from '../command.js';
import { withLaunch, type SpecSource } from '../launch-session.js';
import type { Outcome } from '../output.js';

export async function launchPolicyCommand(
  context: CommandContext,
  source: SpecSource,
  { specUri }: { specUri?: string },
): Promise<Outcome> {
  return withLaunch(context, source, async ({ spec, scope }) => {
    const { sts, glue } = scope.clients;
    const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    const policy = launchPolicy(spec, {
      partition: Arn.split(':')[1] ?? 'aws',
      accountId: Account,
      region: await glue.config.region(),
      specUri: specUri ?? source.spec,
    });
    context.output.print(JSON.stringify(policy, undefined, 2));
    return { result: policy };
  });
}

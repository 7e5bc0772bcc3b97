// gluepot ingest policy SPEC
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { GluepotError } from '../../base/errors.js';
import { ingestPolicy, ingestPlaces } from '../../toolkit/ingest/index.js';
import type { CommandContext } from '../command.js';
import { withIngest, type SpecOptions } from '../ingest-session.js';
import type { Outcome } from '../output.js';

export interface PolicyOptions extends SpecOptions {
  source?: string[];
  specUri?: string;
}

/** AWS docs, "IAM and AWS STS quotas": characters of a managed policy, white space not counted. */
const MANAGED_POLICY_LENGTH_MAX = 6144;

export async function ingestPolicyCommand(
  context: CommandContext,
  file: string | undefined,
  given: PolicyOptions,
): Promise<Outcome> {
  const { output } = context;
  for (const uri of [...(given.source ?? []), ...(given.specUri === undefined ? [] : [given.specUri])]) {
    if (!/^s3:\/\/[^/*?]+(\/[^*?]*)?$/.test(uri)) {
      throw new GluepotError('usage', `${JSON.stringify(uri)} is no place in S3: write s3://BUCKET/PREFIX.`);
    }
  }
  return withIngest(context, file, given, async ({ spec, connection }) => {
    const { sts, glue } = connection.clients;
    const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    const found = await ingestPlaces(spec, connection.clients);
    const policy = ingestPolicy(spec, {
      partition: Arn.split(':')[1] ?? 'aws',
      accountId: Account,
      region: await glue.config.region(),
      sources: given.source ?? found.sources,
      connections: found.connections,
      objects: given.specUri === undefined ? [] : [given.specUri],
    });
    output.print(JSON.stringify(policy, undefined, 2));
    const length = JSON.stringify(policy).length;
    if (length > MANAGED_POLICY_LENGTH_MAX) {
      output.warn(
        `The policy has ${length} characters, and IAM takes ${MANAGED_POLICY_LENGTH_MAX}: name a place that is above the tables with --source s3://BUCKET/PREFIX.`,
      );
    }
    return { result: policy };
  });
}

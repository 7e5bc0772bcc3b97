// Where a stack lives: whose account, which region, and the clients that reach it.
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { systemClock, type Clock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import type { AwsClients } from '../../aws/aws-clients.js';
import type { StackSpec } from './spec.js';

export interface StackScope {
  clients: AwsClients;
  stack: string;
  accountId: string;
  region: string;
  /** `aws`, `aws-cn`, ... */
  partition: string;
  clock: Clock;
  signal: AbortSignal;
  /** Put on what is made, beside the tags that say whose it is. */
  tags?: Readonly<Record<string, string>>;
}

/** What it takes to work on one kind of resource. */
export interface ResourceScope<Client extends keyof AwsClients> extends Omit<StackScope, 'clients'> {
  clients: Pick<AwsClients, Client>;
}

/** @throws GluepotError `usage` when the spec names another region than the clients' */
export async function openStackScope(
  clients: AwsClients,
  spec: StackSpec,
  options: { clock?: Clock; signal?: AbortSignal } = {},
): Promise<StackScope> {
  const region = await clients.glue.config.region();
  if (spec.region !== undefined && spec.region !== region) {
    throw new GluepotError(
      'usage',
      `The stack file says region ${spec.region}, but ${region} was asked for. Change one of them, or leave --region out.`,
    );
  }
  const signal = options.signal ?? new AbortController().signal;
  const caller = await clients.sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
  return {
    clients,
    stack: spec.name,
    accountId: caller.Account as string,
    region,
    partition: caller.Arn?.split(':')[1] ?? 'aws',
    clock: options.clock ?? systemClock,
    signal,
  };
}

export function roleArn(
  scope: Pick<StackScope, 'partition' | 'accountId'>,
  path: string,
  name: string,
): string {
  return `arn:${scope.partition}:iam::${scope.accountId}:role${path}${name}`;
}

export function glueArn(
  scope: Pick<StackScope, 'partition' | 'region' | 'accountId'>,
  kind: 'crawler' | 'job' | 'trigger' | 'database',
  name: string,
): string {
  return `arn:${scope.partition}:glue:${scope.region}:${scope.accountId}:${kind}/${name}`;
}

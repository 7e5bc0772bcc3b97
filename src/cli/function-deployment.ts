// A function of gluepot's own in the embedded Lambda: observed, compared with its bundle, created or brought up to date.
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type GetFunctionCommandOutput,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { CreateRoleCommand, GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { isAwsError } from '../aws/aws-failure.js';
import { GluepotError } from '../base/errors.js';
import type { FunctionBundle } from './function-bundle.js';

export interface FunctionDeployment {
  bundle: FunctionBundle;
  functionName: string;
  environment: Record<string, string>;
  action: 'create' | 'update' | 'keep';
}

/** Tells functions of this command from those that somebody else has made. */
const BUNDLE_TAG = 'gluepot:function';
const ROLE_NAME = 'gluepot-functions';
/** A bucket of this name means a folder of this machine; see the embedded Lambda. */
const FOLDER_BUCKET = 'hot-reload';

/**
 * What there is to do so that the bundle is deployed under that name. Variables that are given come over those that the
 * function has, and these over the template's.
 * @throws GluepotError `usage` when a variable is missing, `conflict` when somebody else's function has the name
 */
export async function planDeployment(
  lambda: LambdaClient,
  {
    bundle,
    functionName,
    given,
  }: { bundle: FunctionBundle; functionName: string; given: Record<string, string> },
): Promise<FunctionDeployment> {
  const found = await findFunction(lambda, functionName);
  if (found && found.Tags?.[BUNDLE_TAG] !== bundle.name) {
    throw new GluepotError(
      'conflict',
      `There is a function ${functionName} which was not deployed from the bundle ${bundle.name}. ` +
        'Deploy under another name with --as, or delete it.',
    );
  }
  const kept = found?.Configuration?.Environment?.Variables ?? {};
  const environment = { ...bundle.environment, ...kept, ...given };
  const missing = Object.entries(bundle.needs).filter(([name]) => environment[name] === undefined);
  if (missing.length > 0) {
    const options = missing.map(([name, like]) => `--env ${name}=${like === '' ? '...' : like}`);
    throw new GluepotError('usage', `${bundle.name} has to be told more: give ${options.join(' ')}`);
  }
  const isSame = found && isDeployed(found, bundle) && sameVariables(kept, environment);
  return { bundle, functionName, environment, action: !found ? 'create' : isSame ? 'keep' : 'update' };
}

/** Does what was planned. Only for the embedded Lambda, which runs code from a folder of this machine. */
export async function deployFunction(
  { lambda, iam }: { lambda: LambdaClient; iam: IAMClient },
  { bundle, functionName: FunctionName, environment, action }: FunctionDeployment,
): Promise<void> {
  if (action === 'keep') return;
  const code = { S3Bucket: FOLDER_BUCKET, S3Key: bundle.folder };
  const configuration = {
    FunctionName,
    Runtime: 'nodejs22.x' as const,
    Handler: bundle.handler,
    MemorySize: bundle.memoryMb,
    Timeout: bundle.timeoutSeconds,
    Description: bundle.description,
    Environment: { Variables: environment },
  };
  if (action === 'create') {
    const Role = await ensureRole(iam);
    const Tags = { [BUNDLE_TAG]: bundle.name };
    await lambda.send(new CreateFunctionCommand({ ...configuration, Role, Tags, Code: code }));
    return;
  }
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ...code }));
  await lambda.send(new UpdateFunctionConfigurationCommand(configuration));
}

async function findFunction(
  lambda: LambdaClient,
  FunctionName: string,
): Promise<GetFunctionCommandOutput | undefined> {
  try {
    return await lambda.send(new GetFunctionCommand({ FunctionName }));
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

function isDeployed({ Code, Configuration }: GetFunctionCommandOutput, bundle: FunctionBundle): boolean {
  return (
    Code?.Location === `file://${bundle.folder}` &&
    Configuration?.Handler === bundle.handler &&
    Configuration.MemorySize === bundle.memoryMb &&
    Configuration.Timeout === bundle.timeoutSeconds
  );
}

function sameVariables(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}

async function ensureRole(iam: IAMClient): Promise<string> {
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: ROLE_NAME }));
    return Role?.Arn as string;
  } catch (error) {
    if (!isAwsError(error, 'NoSuchEntityException', 'NoSuchEntity')) throw error;
  }
  // Schedules that invoke a function need a role too: it may be this one.
  const Service = ['lambda.amazonaws.com', 'scheduler.amazonaws.com'];
  const trust = { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: ROLE_NAME,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      Description: 'Of the functions that gluepot lambda deploys',
    }),
  );
  return Role?.Arn as string;
}

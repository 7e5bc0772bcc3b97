// gluepot lambda invoke NAME
import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { isAwsError } from '../../aws/aws-failure.js';
import { EXIT_CODES, GluepotError } from '../../base/errors.js';
import { connect } from '../../connect.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import { readFunctionBundles } from '../function-bundle.js';
import { deployFunction, planDeployment } from '../function-deployment.js';
import { connectOptions } from '../global-options.js';
import { readJsonInput } from '../json-input.js';
import { readVariables, renderDeployment, type DeployOptions } from '../lambda-session.js';
import type { Outcome } from '../output.js';
import { withSlowProgress } from '../slow-progress.js';

export interface InvokeOptions extends DeployOptions {
  event?: string;
  yes?: boolean;
}

/** AWS docs: Lambda quotas, what LogType Tail gives. */
const TAIL = 'the last 4 KB of the log';

export async function lambdaInvoke(
  context: CommandContext,
  name: string,
  options: InvokeOptions,
): Promise<Outcome> {
  const event = options.event === undefined ? {} : await readJsonInput('event', options.event);
  const given = readVariables(options.env);
  const connection = await connect(connectOptions(context.options));
  try {
    const { clients, target } = connection;
    const bundle = target === 'local' ? readFunctionBundles().find((one) => one.name === name) : undefined;
    if (!bundle && (options.env !== undefined || options.as !== undefined)) {
      throw new GluepotError('usage', notABundle(name, target));
    }
    const functionName = (bundle && options.as) ?? name;
    if (bundle) {
      const deployment = await planDeployment(clients.lambda, { bundle, functionName, given });
      const plan = renderDeployment(deployment);
      if (options.dryRun) {
        context.output.print(plan);
        return { result: { functionName, deployment: deployment.action, invoked: false } };
      }
      // What the function answers has stdout to itself.
      if (!context.output.isJson && deployment.action !== 'keep') process.stderr.write(`${plan}\n`);
      await deployFunction(clients, deployment);
    } else if (options.dryRun) {
      await checkPermitted(clients.lambda, name);
      context.output.print(`Function ${name} is there and may be invoked.`);
      return { result: { functionName, invoked: false } };
    } else if (target === 'aws') {
      await confirm(`Invoke function ${name} in ${connection.description}?`, {
        isYes: options.yes === true,
        signal: context.signal,
      });
    }
    return await invoke(context, clients.lambda, functionName, event);
  } finally {
    await connection.close();
  }
}

async function invoke(
  { output, signal }: CommandContext,
  lambda: LambdaClient,
  functionName: string,
  event: unknown,
): Promise<Outcome> {
  const startMs = Date.now();
  const answer = await withSlowProgress(output.progress, functionName, async (at) => {
    const timer = setInterval(() => at(`${Math.round((Date.now() - startMs) / 1000)} s`), 500);
    try {
      return await send(lambda, functionName, JSON.stringify(event), signal);
    } finally {
      clearInterval(timer);
    }
  });
  const { FunctionError, ExecutedVersion } = answer;
  const payload = payloadOf(answer);
  const log = Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8');
  if (!output.isJson && log !== '') process.stderr.write(`${log.trimEnd()}\n`);
  output.print(JSON.stringify(payload, undefined, 2));
  if (FunctionError !== undefined) {
    output.warn(
      `The function failed (${FunctionError}); above is ${TAIL}, all of it is in /aws/lambda/${functionName}.`,
    );
  }
  return {
    result: {
      functionName,
      executedVersion: ExecutedVersion,
      functionError: FunctionError ?? null,
      payload,
      log,
    },
    exitCode: FunctionError === undefined ? exitCodeOf(payload) : EXIT_CODES.failed,
  };
}

async function send(
  lambda: LambdaClient,
  FunctionName: string,
  Payload: string,
  abortSignal: AbortSignal,
): Promise<InvokeCommandOutput> {
  try {
    return await lambda.send(new InvokeCommand({ FunctionName, Payload, LogType: 'Tail' }), { abortSignal });
  } catch (error) {
    if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
    throw new GluepotError('usage', `There is no function ${FunctionName}. ${bundleNames()}`, {
      cause: error,
    });
  }
}

async function checkPermitted(lambda: LambdaClient, FunctionName: string): Promise<void> {
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'DryRun' }));
}

function payloadOf({ Payload }: InvokeCommandOutput): unknown {
  const text = Buffer.from(Payload ?? []).toString('utf8');
  return text === '' ? null : (JSON.parse(text) as unknown);
}

/** What the functions of gluepot answer tells a shell the same as the command would that does the same. */
function exitCodeOf(payload: unknown): number {
  const { decision, kind } = (payload ?? {}) as { decision?: unknown; kind?: unknown };
  if (decision === 'partly-applied') return EXIT_CODES['partial-apply'];
  if (decision !== 'refused') return 0;
  return kind === 'conflict' ? EXIT_CODES.conflict : EXIT_CODES['guard-refused'];
}

function notABundle(name: string, target: string): string {
  return target === 'aws'
    ? '--env and --as are for what is deployed here; on AWS the function of the name is invoked as it is.'
    : `--env and --as are for functions of gluepot, and ${name} is none of them. ${bundleNames()}`;
}

function bundleNames(): string {
  return `gluepot comes with ${readFunctionBundles()
    .map((bundle) => bundle.name)
    .join(', ')}.`;
}

// gluepot lambda deploy NAME
import { GluepotError } from '../../base/errors.js';
import { connect } from '../../connect.js';
import type { CommandContext } from '../command.js';
import { readFunctionBundles } from '../function-bundle.js';
import { deployFunction, planDeployment } from '../function-deployment.js';
import { connectOptions } from '../global-options.js';
import { readVariables, renderDeployment, type DeployOptions } from '../lambda-session.js';
import type { Outcome } from '../output.js';

export async function lambdaDeploy(
  { options, output }: CommandContext,
  name: string,
  deployOptions: DeployOptions,
): Promise<Outcome> {
  if (options.target !== 'local') {
    throw new GluepotError(
      'usage',
      `gluepot lambda deploy is for the embedded Lambda; on AWS use sam deploy with deploy/${name}/template.yaml.`,
    );
  }
  const bundles = readFunctionBundles();
  const bundle = bundles.find((one) => one.name === name);
  if (!bundle) {
    const names = bundles.map((one) => one.name).join(', ');
    throw new GluepotError('usage', `gluepot has no function ${name}: it comes with ${names}.`);
  }
  const given = readVariables(deployOptions.env);
  const functionName = deployOptions.as ?? name;
  const connection = await connect(connectOptions(options));
  try {
    const { clients } = connection;
    const deployment = await planDeployment(clients.lambda, { bundle, functionName, given });
    output.print(renderDeployment(deployment));
    if (!deployOptions.dryRun) await deployFunction(clients, deployment);
    return {
      result: { functionName, deployment: deployment.action, variables: Object.keys(deployment.environment) },
    };
  } finally {
    await connection.close();
  }
}

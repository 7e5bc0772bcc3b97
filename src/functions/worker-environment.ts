// The environment of a Lambda worker: Lambda's own variables, the function's, and what leads it to this server.
import type { ProgramSessions } from '../identity/program-sessions.js';
import type { TemporaryCredential } from '../identity/temporary-credentials.js';
import { awsEnvironment, inheritedEnvironment } from '../processes/process-environment.js';
import { AwsError } from '../wire/aws-error.js';
import { logGroupOf, type FunctionVersion } from './function-version.js';

export const LAMBDA_PRINCIPAL = 'lambda.amazonaws.com';

/** AWS docs: "Using Lambda environment variables", defined runtime environment variables. */
export function workerEnvironment(
  version: FunctionVersion,
  {
    codeFolder,
    libraryFolder,
    logStream,
    endpoint,
    region,
    sessions,
  }: {
    codeFolder: string;
    /** Where code in a folder elsewhere finds the AWS SDK when it brings none. */
    libraryFolder: string;
    logStream: string;
    endpoint: string;
    region: string;
    sessions: ProgramSessions;
  },
): Record<string, string> {
  const credentials = credentialsOf(version, sessions);
  return {
    ...inheritedEnvironment(),
    ...awsEnvironment({ endpoint, region, credentials }),
    TZ: ':UTC',
    ...version.environment,
    _HANDLER: version.handler,
    LAMBDA_TASK_ROOT: codeFolder,
    // What is unpacked lies beside it, and finds it by itself.
    ...(version.code.kind === 'folder' ? { NODE_PATH: libraryFolder } : {}),
    AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: version.name,
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(version),
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
  };
}

function credentialsOf({ name, role }: FunctionVersion, sessions: ProgramSessions): TemporaryCredential {
  try {
    return sessions.credentialsFor({
      roleArn: role,
      servicePrincipal: LAMBDA_PRINCIPAL,
      sessionName: name,
    });
  } catch (error) {
    throw new AwsError('AccessDeniedException', `The role ${role} of ${name} cannot be assumed by Lambda.`, {
      statusCode: 403,
      cause: error,
    });
  }
}

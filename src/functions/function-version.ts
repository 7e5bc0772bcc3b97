// A version of a function: what it is run with. `$LATEST` changes, published ones do not.
import type {
  Architecture,
  CreateFunctionRequest,
  FunctionConfiguration,
  Runtime,
  TracingMode,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import type { Checked } from '../wire/service.js';
import type { FunctionCode } from './function-code.js';
import { functionArn, LATEST, type FunctionScope } from './function-name.js';
import { invalidValue, notSupported } from './lambda-error.js';

/** Those that a Node.js worker can be: which Node.js it is, is this machine's. */
const RUNTIMES = ['nodejs18.x', 'nodejs20.x', 'nodejs22.x'] as const satisfies Runtime[];

export interface FunctionVersion {
  name: string;
  version: string;
  runtime: Runtime;
  role: string;
  handler: string;
  description: string;
  timeoutSeconds: number;
  memoryMb: number;
  environment: Record<string, string>;
  architectures: Architecture[];
  tracingMode: TracingMode;
  ephemeralStorageMb: number;
  deadLetterArn?: string;
  logGroup?: string;
  code: FunctionCode;
  lastModified: Date;
  revisionId: string;
}

type Settings = Omit<FunctionVersion, 'name' | 'version' | 'code' | 'lastModified' | 'revisionId'>;
type ConfigurationInput = Checked<Omit<CreateFunctionRequest, 'FunctionName' | 'Role' | 'Code'>> &
  Checked<Omit<UpdateFunctionConfigurationRequest, 'FunctionName'>>;

const DEFAULTS = {
  description: '',
  timeoutSeconds: 3,
  memoryMb: 128,
  environment: {},
  architectures: ['x86_64'] as Architecture[],
  tracingMode: 'PassThrough' as const,
  ephemeralStorageMb: 512,
};

// AWS docs: Lambda quotas, function timeout.
const TIMEOUT_SECONDS_MAX = 900;

// AWS docs: Lambda quotas, environment variables: 4 KB in all.
const ENVIRONMENT_BYTES_MAX = 4096;

// AWS docs: "Using Lambda environment variables", reserved keys.
const RESERVED_VARIABLES =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_.*|AWS_(ACCESS_KEY(_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

/** What the input sets, over what was there. @throws AwsError InvalidParameterValueException */
export function settingsOf(input: ConfigurationInput, present?: Settings): Settings {
  refuseUnsupported(input);
  const runtime = input.Runtime ?? present?.runtime;
  const handler = input.Handler ?? present?.handler;
  const role = input.Role ?? present?.role;
  if (runtime === undefined || handler === undefined || role === undefined) {
    throw invalidValue(
      'Runtime, Handler and Role are mandatory parameters for functions created with deployment packages.',
    );
  }
  if (!(RUNTIMES as readonly Runtime[]).includes(runtime)) {
    throw invalidValue(
      `The runtime ${runtime} cannot be run here. Functions run as Node.js processes: use one of ${RUNTIMES.join(', ')}.`,
    );
  }
  if ((input.Timeout ?? 0) > TIMEOUT_SECONDS_MAX) {
    throw invalidValue(`Timeout must be at most ${TIMEOUT_SECONDS_MAX} seconds, not ${input.Timeout}.`);
  }
  const environment = input.Environment ? (input.Environment.Variables ?? {}) : present?.environment;
  checkEnvironment(environment ?? {});
  const deadLetterArn = input.DeadLetterConfig ? input.DeadLetterConfig.TargetArn : present?.deadLetterArn;
  const logGroup = input.LoggingConfig ? input.LoggingConfig.LogGroup : present?.logGroup;
  return {
    runtime,
    handler,
    role,
    description: input.Description ?? present?.description ?? DEFAULTS.description,
    timeoutSeconds: input.Timeout ?? present?.timeoutSeconds ?? DEFAULTS.timeoutSeconds,
    memoryMb: input.MemorySize ?? present?.memoryMb ?? DEFAULTS.memoryMb,
    environment: environment ?? DEFAULTS.environment,
    architectures: input.Architectures ?? present?.architectures ?? DEFAULTS.architectures,
    tracingMode: input.TracingConfig?.Mode ?? present?.tracingMode ?? DEFAULTS.tracingMode,
    ephemeralStorageMb:
      input.EphemeralStorage?.Size ?? present?.ephemeralStorageMb ?? DEFAULTS.ephemeralStorageMb,
    ...(deadLetterArn ? { deadLetterArn } : {}),
    ...(logGroup === undefined ? {} : { logGroup }),
  };
}

function checkEnvironment(environment: Record<string, string>): void {
  const reserved = Object.keys(environment).filter((name) => RESERVED_VARIABLES.test(name));
  if (reserved.length > 0) {
    throw invalidValue(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const byteCount = Buffer.byteLength(JSON.stringify(environment));
  if (byteCount > ENVIRONMENT_BYTES_MAX) {
    throw invalidValue(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `exceeded the 4KB limit: they have ${byteCount} bytes.`,
    );
  }
}

function refuseUnsupported(input: ConfigurationInput): void {
  if (input.PackageType === 'Image') throw notSupported('PackageType Image', 'give a zip file');
  if (input.Layers?.length) throw notSupported('Layers', 'put what they hold into the zip file');
  if (input.FileSystemConfigs?.length) throw notSupported('FileSystemConfigs', 'leave it out');
  if (input.VpcConfig?.SubnetIds?.length || input.VpcConfig?.SecurityGroupIds?.length) {
    throw notSupported('VpcConfig', 'leave it out');
  }
  if (input.KMSKeyArn) throw notSupported('KMSKeyArn', 'leave it out');
  if (input.CodeSigningConfigArn) throw notSupported('CodeSigningConfigArn', 'leave it out');
  if (input.SnapStart && input.SnapStart.ApplyOn !== 'None') throw notSupported('SnapStart', 'leave it out');
  if (input.LoggingConfig?.LogFormat === 'JSON') throw notSupported('LogFormat JSON', 'use Text');
  for (const member of ['TenancyConfig', 'CapacityProviderConfig', 'DurableConfig', 'ImageConfig'] as const) {
    if (input[member]) throw notSupported(member, 'leave it out');
  }
}

/** As Lambda answers it. `qualifier` is what of the ARN comes after the name, when it was asked for by that. */
export function toConfiguration(
  version: FunctionVersion,
  scope: FunctionScope,
  qualifier?: string,
): FunctionConfiguration {
  const { name } = version;
  const arnQualifier = qualifier ?? (version.version === LATEST ? undefined : version.version);
  return {
    FunctionName: name,
    FunctionArn: functionArn(scope, {
      name,
      ...(arnQualifier === undefined ? {} : { qualifier: arnQualifier }),
    }),
    Runtime: version.runtime,
    Role: version.role,
    Handler: version.handler,
    CodeSize: version.code.kind === 'zip' ? version.code.size : 0,
    CodeSha256: version.code.kind === 'zip' ? version.code.sha256 : '',
    Description: version.description,
    Timeout: version.timeoutSeconds,
    MemorySize: version.memoryMb,
    LastModified: version.lastModified.toISOString().replace('Z', '+0000'),
    Version: version.version,
    ...(Object.keys(version.environment).length > 0
      ? { Environment: { Variables: version.environment } }
      : {}),
    ...(version.deadLetterArn === undefined
      ? {}
      : { DeadLetterConfig: { TargetArn: version.deadLetterArn } }),
    TracingConfig: { Mode: version.tracingMode },
    RevisionId: version.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: version.architectures,
    EphemeralStorage: { Size: version.ephemeralStorageMb },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: logGroupOf(version) },
  };
}

export function logGroupOf({ name, logGroup }: Pick<FunctionVersion, 'name' | 'logGroup'>): string {
  return logGroup ?? `/aws/lambda/${name}`;
}

// What a job's container is to be: the definition's properties, the overrides of one submission, parameters put in.
import type { ContainerDetail, ContainerOverrides, ContainerProperties } from '@aws-sdk/client-batch';
import type { Checked } from '../wire/service.js';
import { clientError } from './batch-error.js';

type Pairs = { name?: string | undefined; value?: string | undefined }[] | undefined;
type Requirements = { type?: string | undefined; value?: string | undefined }[] | undefined;

/** @throws AwsError ClientException */
export function checkContainer(properties: Checked<ContainerProperties>): void {
  if (!properties.image) throw clientError('Container properties must have an image');
  checkEnvironment(properties.environment);
  for (const [type, legacy] of [
    ['VCPU', properties.vcpus],
    ['MEMORY', properties.memory],
  ] as const) {
    const given = requirement(properties.resourceRequirements, type) ?? legacy;
    if (given === undefined || !(Number(given) > 0)) {
      throw clientError(
        `Container properties must have a ${type} above 0 in resourceRequirements, not ${given ?? 'none'}.`,
      );
    }
  }
  const driver = properties.logConfiguration?.logDriver;
  if (driver !== undefined && driver !== 'awslogs') {
    throw clientError(
      `Log driver ${driver} is not supported here; use awslogs, or leave logConfiguration out.`,
    );
  }
}

/** @throws AwsError ClientException */
export function checkOverrides(overrides: Checked<ContainerOverrides> | undefined): void {
  checkEnvironment(overrides?.environment);
  if (overrides?.command?.includes('')) {
    throw clientError('containerOverrides.command must not contain an empty string.');
  }
}

function checkEnvironment(environment: Pairs): void {
  const reserved = environment?.find(({ name }) => name?.startsWith('AWS_BATCH'));
  if (reserved) {
    throw clientError(`Environment variable ${reserved.name} is not allowed: it begins with AWS_BATCH.`);
  }
}

/** The container that a job gets. Overrides win over the definition, name by name in lists. */
export function resolveContainer(
  properties: ContainerProperties,
  overrides: ContainerOverrides | undefined,
  parameters: Readonly<Record<string, string>>,
): ContainerDetail {
  const command = overrides?.command ?? properties.command ?? [];
  return {
    ...properties,
    command: command.map((word) => substitute(word, parameters)),
    environment: mergeBy('name', properties.environment, overrides?.environment),
    resourceRequirements: mergeBy('type', properties.resourceRequirements, overrides?.resourceRequirements),
    volumes: properties.volumes ?? [],
    mountPoints: properties.mountPoints ?? [],
    ulimits: properties.ulimits ?? [],
    secrets: properties.secrets ?? [],
    networkInterfaces: [],
    ...(overrides?.vcpus === undefined ? {} : { vcpus: overrides.vcpus }),
    ...(overrides?.memory === undefined ? {} : { memory: overrides.memory }),
  };
}

/** vCPUs that the container asks for. */
export function requiredVcpus(container: ContainerDetail): number {
  return Number(requirement(container.resourceRequirements, 'VCPU') ?? container.vcpus ?? 1);
}

function requirement(requirements: Requirements, type: string): string | undefined {
  return requirements?.find((one) => one.type === type)?.value;
}

function mergeBy<T, K extends keyof T>(
  key: K,
  first: readonly T[] | undefined,
  second: readonly T[] | undefined,
): T[] {
  const merged = new Map([...(first ?? []), ...(second ?? [])].map((item) => [item[key], item]));
  return [...merged.values()];
}

/**
 * Puts parameters in place of `Ref::name`. [K] AWS's documentation has it as a whole word of the command only; here it also
 * counts within one, and a name that no parameter has is left as it is.
 */
function substitute(word: string, parameters: Readonly<Record<string, string>>): string {
  return word.replace(/Ref::([A-Za-z0-9_-]+)/g, (whole, name: string) =>
    Object.hasOwn(parameters, name) ? (parameters[name] as string) : whole,
  );
}

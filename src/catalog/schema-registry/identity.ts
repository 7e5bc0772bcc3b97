// How callers name registries and schemas: by name or by ARN, never both.
import type { RegistryId, SchemaId } from '@aws-sdk/client-glue';
import { AwsError } from '../../wire/aws-error.js';

/** AWS docs: where schemas go whose registry is not named. */
export const DEFAULT_REGISTRY = 'default-registry';

/** A registry's name, and the ARN when it was named by that. */
export interface RegistryKey {
  name: string;
  arn?: string;
}

/** `given` is how the caller named it: AWS's messages repeat that and nothing else. */
export interface SchemaKey {
  registry: string;
  name: string;
  given: SchemaId;
}

/** @throws AwsError InvalidInputException when it names none, or both ways */
export function registryKey({ RegistryName, RegistryArn }: RegistryId, accountId: string): RegistryKey {
  if (RegistryName !== undefined && RegistryArn !== undefined) {
    throw invalid('One of registryName or registryArn has to be provided, both cannot be provided.');
  }
  if (RegistryArn !== undefined) {
    const path = ownPath(RegistryArn, 'registry', accountId);
    if (path === undefined) throw invalidCharacters('registryArn');
    return { name: path, arn: RegistryArn };
  }
  if (RegistryName === undefined) throw invalid('One of registryName or registryArn has to be provided.');
  requireLegalName(RegistryName, 'registryName');
  return { name: RegistryName };
}

/** @throws AwsError InvalidInputException when it names none, or both ways */
export function schemaKey(given: SchemaId | undefined, accountId: string): SchemaKey {
  const { SchemaArn, SchemaName, RegistryName } = given ?? {};
  if (SchemaArn !== undefined) {
    if (SchemaName !== undefined || RegistryName !== undefined) {
      throw invalid(
        'One of (registryName and schemaName) or schemaArn has to be provided, both cannot be provided.',
      );
    }
    const [registry, name, ...others] = ownPath(SchemaArn, 'schema', accountId)?.split('/') ?? [];
    if (!registry || !name || others.length > 0) throw invalidCharacters('schemaArn');
    return { registry, name, given: { SchemaArn } };
  }
  if (SchemaName === undefined || RegistryName === undefined) {
    throw invalid('At least one of (registryName and schemaName) or schemaArn has to be provided.');
  }
  requireLegalName(RegistryName, 'registryName');
  requireLegalName(SchemaName, 'schemaName');
  return { registry: RegistryName, name: SchemaName, given: { RegistryName, SchemaName } };
}

/** AWS docs: longest name of a registry or a schema, in characters. */
const NAME_LENGTH_MAX = 255;

/**
 * Of registries and schemas AWS does not say `ValidationException`, as it does of most names (seen in logs of Kafka
 * Connect and in what was recorded for moto).
 * @throws AwsError InvalidInputException
 */
export function requireLegalName(name: string, parameter: 'registryName' | 'schemaName'): void {
  if (name.length === 0 || name.length > NAME_LENGTH_MAX) {
    throw invalid(`The resource name contains too many or too few characters. Parameter Name: ${parameter}`);
  }
  if (!/^[\w\-$#.]+$/.test(name)) throw invalidCharacters(parameter);
}

// Any region: there is one Glue here. Another account's resource is none of this one's.
function ownPath(arn: string, kind: string, accountId: string): string | undefined {
  const match = /^arn:aws(?:-[a-z-]+)?:glue:[^:]*:([^:]*):([a-z]+)\/(.+)$/.exec(arn);
  if (!match || match[2] !== kind) return undefined;
  if (match[1] !== accountId) {
    throw new AwsError(
      'EntityNotFoundException',
      `${kind === 'schema' ? 'Schema' : 'Registry'} is not found: ${arn} belongs to another account than ${accountId}.`,
    );
  }
  return match[3];
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}

function invalidCharacters(parameter: string): AwsError {
  return invalid(
    `The parameter value contains one or more characters that are not valid. Parameter Name: ${parameter}`,
  );
}

/** Seen from schema operations whose registry is missing; operations on registries tell the ARN as well. */
export function registryNotFound(name: string): AwsError {
  return new AwsError('EntityNotFoundException', `Registry is not found. RegistryName: ${name}`);
}

/** `RegistryName: r, SchemaName: s, SchemaArn: null`, as AWS's messages name a schema. */
export function describeSchema({ given }: SchemaKey): string {
  const { RegistryName = null, SchemaName = null, SchemaArn = null } = given;
  return `RegistryName: ${RegistryName}, SchemaName: ${SchemaName}, SchemaArn: ${SchemaArn}`;
}

// What a DynamoDB table asks for in IAM and Glue: a role and a crawler, as the stack's resources. Pure.
import type { CreateCrawlerRequest } from '@aws-sdk/client-glue';
import type { Resource } from '../stack/resource.js';
import type { RoleMembers } from '../stack/role.js';
import { roleArn } from '../stack/stack-scope.js';
import { rolePath, type CatalogScope } from './catalog-scope.js';
import type { DynamodbTable } from './dynamodb-table.js';
import { crawlerPolicy, POLICY_NAME, trustPolicy } from './least-privilege.js';
import type { CatalogName } from './object-names.js';
import type { CatalogSettings } from './settings.js';

export type WantedSettings = Pick<CatalogSettings, 'DatabaseName' | 'scan' | 'scanRate' | 'boundary'>;
type Place = Pick<CatalogScope, 'partition' | 'region' | 'accountId' | 'stack'>;

/** @param path of the role when it is there already under another one, for a path cannot be changed */
export function wantedRole(
  name: string,
  table: DynamodbTable,
  catalogName: CatalogName,
  settings: WantedSettings,
  place: Place,
  path?: string,
): Resource {
  const catalog = { DatabaseName: settings.DatabaseName, TableName: catalogName.name };
  const members: RoleMembers = {
    Path: path ?? rolePath(place),
    AssumeRolePolicyDocument: trustPolicy(place),
    managedPolicies: [],
    inlinePolicies: { [POLICY_NAME]: crawlerPolicy(table, catalog, place) },
    PermissionsBoundary: settings.boundary,
  };
  return { kind: 'role', name, members };
}

/** @param role as `wantedRole` gives it */
export function wantedCrawler(
  name: string,
  table: DynamodbTable,
  { TablePrefix }: CatalogName,
  settings: WantedSettings,
  place: Place,
  role: Resource,
): Resource {
  const { Path } = role.members as RoleMembers;
  const members: CreateCrawlerRequest = {
    Name: name,
    Role: roleArn(place, Path, role.name),
    DatabaseName: settings.DatabaseName,
    Description: `DynamoDB table ${table.TableName}`,
    Targets: {
      DynamoDBTargets: [
        { Path: table.TableName, scanAll: settings.scan === 'all', scanRate: settings.scanRate },
      ],
    },
    TablePrefix,
    SchemaChangePolicy: {
      UpdateBehavior: 'UPDATE_IN_DATABASE',
      DeleteBehavior: 'DEPRECATE_IN_DATABASE',
    },
  };
  return { kind: 'crawler', name, members: { ...members } };
}

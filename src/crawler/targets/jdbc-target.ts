// A JDBC target: the tables behind a connection that a crawl catalogues, and what it says of them.
import type { JdbcTarget as GlueJdbcTarget } from '@aws-sdk/client-glue';
import { messageOf } from '../../base/errors.js';
import type { DatabaseTable } from '../../databases/database.js';
import { exclusionsOf, pathSegments } from '../../databases/table-path.js';
import { AwsError } from '../../wire/aws-error.js';

export interface JdbcTarget {
  connectionName: string;
  path: string;
  isExcluded(table: Pick<DatabaseTable, 'schema' | 'name'>): boolean;
  hasComments: boolean;
  hasRawTypes: boolean;
}

/** @throws AwsError InvalidInputException that names the member, its value and what is allowed */
export function parseJdbcTarget(target: GlueJdbcTarget): JdbcTarget {
  const { ConnectionName = '', Path = '', Exclusions = [], EnableAdditionalMetadata = [] } = target;
  if (ConnectionName === '') {
    throw new AwsError(
      'InvalidInputException',
      `JDBC target ${JSON.stringify(Path)} has no ConnectionName: name the connection to its database.`,
    );
  }
  try {
    pathSegments(Path);
    return {
      connectionName: ConnectionName,
      path: Path,
      isExcluded: exclusionsOf(Exclusions),
      hasComments: EnableAdditionalMetadata.includes('COMMENTS'),
      hasRawTypes: EnableAdditionalMetadata.includes('RAWTYPES'),
    };
  } catch (error) {
    throw new AwsError('InvalidInputException', messageOf(error), { cause: error });
  }
}

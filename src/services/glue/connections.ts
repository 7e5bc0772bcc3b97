// Glue's operations on connections.
import type { Connection, ErrorDetail, TestConnectionRequest } from '@aws-sdk/client-glue';
import { GluepotError } from '../../base/errors.js';
import { requireOwnCatalog } from '../../catalog/names.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import { openConnectionDatabase } from '../../crawler/connection-database.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { nextToken, pageOptions } from './answer.js';

/** AWS's model: GetConnections answers with at most so many at once. */
const PAGE_MAX = 1000;

/** Properties that HidePassword leaves out. AWS docs: GetConnection. */
const SECRET_PROPERTIES = ['PASSWORD', 'ENCRYPTED_PASSWORD'];

export function connectionOperations({
  catalog: { connections },
  storage,
}: {
  catalog: OpenCatalog;
  storage: ObjectStorage;
}) {
  return {
    CreateConnection({ CatalogId, ConnectionInput, Tags }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      connections.create(ConnectionInput, Tags);
      return { CreateConnectionStatus: 'READY' as const };
    },
    GetConnection({ CatalogId, Name, HidePassword }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      return { Connection: shown(connections.get(Name), HidePassword) };
    },
    GetConnections(input, { accountId }) {
      requireOwnCatalog(input.CatalogId, accountId);
      const page = connections.list(input.Filter ?? {}, pageOptions('GetConnections', input, PAGE_MAX));
      return {
        ConnectionList: page.items.map((connection) => shown(connection, input.HidePassword)),
        ...nextToken('GetConnections', page),
      };
    },
    UpdateConnection({ CatalogId, Name, ConnectionInput }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      connections.update(Name, ConnectionInput);
      return {};
    },
    DeleteConnection({ CatalogId, ConnectionName }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      connections.delete(ConnectionName);
      return {};
    },
    BatchDeleteConnection({ CatalogId, ConnectionNameList }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      const Succeeded: string[] = [];
      const Errors: Record<string, ErrorDetail> = {};
      for (const name of ConnectionNameList) {
        try {
          connections.delete(name);
          Succeeded.push(name);
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Errors[name] = { ErrorCode: error.name, ErrorMessage: error.message };
        }
      }
      return { Succeeded, Errors };
    },
    async TestConnection(input, { accountId }) {
      requireOwnCatalog(input.CatalogId, accountId);
      const connection = testedConnection(input, connections.get);
      const { signal } = new AbortController();
      try {
        const database = await openConnectionDatabase(connection, { storage, signal });
        await database.close();
      } catch (error) {
        throw testFailure(error);
      }
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}

/** AWS docs: "either an existing connection name or a TestConnectionInput"; both at once is an error. */
function testedConnection(
  { ConnectionName, TestConnectionInput }: TestConnectionRequest,
  get: (name: string) => Connection,
): Connection {
  if ((ConnectionName === undefined) === (TestConnectionInput === undefined)) {
    throw new AwsError(
      'InvalidInputException',
      'Give the ConnectionName of a connection, or a TestConnectionInput: one of the two.',
    );
  }
  if (ConnectionName !== undefined) return get(ConnectionName);
  const { AuthenticationConfiguration, ...connection } = TestConnectionInput as NonNullable<
    typeof TestConnectionInput
  >;
  if (AuthenticationConfiguration) {
    throw new AwsError(
      'InvalidInputException',
      'AuthenticationConfiguration of a connection is not supported here; leave it out.',
    );
  }
  return { ...connection, Name: 'TestConnectionInput' };
}

/** Which of its errors AWS answers with when a server refuses is not documented: a guess. */
function testFailure(error: unknown): unknown {
  if (!(error instanceof GluepotError)) return error;
  const name = error.kind === 'timed-out' ? 'OperationTimeoutException' : 'InvalidInputException';
  return new AwsError(name, error.message, { cause: error });
}

function shown(connection: Connection, hidesPassword: boolean | undefined): Connection {
  if (!hidesPassword) return connection;
  const properties = Object.entries(connection.ConnectionProperties ?? {});
  return {
    ...connection,
    ConnectionProperties: Object.fromEntries(
      properties.filter(([name]) => !SECRET_PROPERTIES.includes(name)),
    ),
  };
}

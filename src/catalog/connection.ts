// Connections: how jobs and crawlers reach a store. Their properties are kept as given, in the state file, unencrypted.
import type { Connection, ConnectionInput, GetConnectionsFilter } from '@aws-sdk/client-glue';
import { AwsError } from '../wire/aws-error.js';
import type { CatalogContext } from './catalog-context.js';
import type { Page, PageOptions } from './catalog.js';
import { openNamedResources } from './named-resource.js';
import { everyItem } from './page.js';
import type { Tags } from './tag.js';

export interface Connections {
  create(input: ConnectionInput, tags?: Record<string, string>): void;
  get(name: string): Connection;
  /** Replaces all that was said of it. */
  update(name: string, input: ConnectionInput): void;
  delete(name: string): void;
  list(filter: GetConnectionsFilter, options: PageOptions): Page<Connection>;
}

/** AWS's version of the members that a connection has; 2 is for those with an authentication configuration. */
const SCHEMA_VERSION = 1;

export function openConnections({ state, clock }: CatalogContext, tags: Tags): Connections {
  const connections = openNamedResources<Connection>(state, 'connection', 'Connection');
  tags.registerKind('connection', (name) => connections.find(name) !== undefined);

  const described = (input: ConnectionInput, creationTime: Date): Connection => {
    const { AuthenticationConfiguration, ValidateCredentials, ValidateForComputeEnvironments, ...members } =
      input;
    const unsupported = Object.entries({ AuthenticationConfiguration, ValidateCredentials }).find(
      ([, value]) => value,
    );
    if (unsupported) {
      throw new AwsError(
        'InvalidInputException',
        `${unsupported[0]} of a connection is not supported here; leave it out.`,
      );
    }
    return {
      ...members,
      CreationTime: creationTime,
      LastUpdatedTime: clock.now(),
      Status: 'READY',
      ConnectionSchemaVersion: SCHEMA_VERSION,
      ...(ValidateForComputeEnvironments
        ? { CompatibleComputeEnvironments: ValidateForComputeEnvironments }
        : {}),
    };
  };

  return {
    create: (input, givenTags) =>
      state.transaction(() => {
        connections.create(input.Name as string, described(input, clock.now()));
        tags.create(`connection/${input.Name}`, givenTags);
      }),
    get: connections.require,
    update(name, input) {
      if (input.Name !== name) {
        throw new AwsError(
          'InvalidInputException',
          `Connection ${name} cannot be renamed to ${input.Name}: ConnectionInput.Name must equal Name.`,
        );
      }
      connections.replace(name, (old) => described(input, old.CreationTime as Date));
    },
    delete: (name) =>
      state.transaction(() => {
        connections.delete(name);
        tags.delete(`connection/${name}`);
      }),
    list(filter, { after = '', count = Infinity }) {
      const items: Connection[] = [];
      for (const connection of everyItem((options) => connections.list(options))) {
        if ((connection.Name as string) <= after || !isMatch(connection, filter)) continue;
        if (items.length === count) return { items, next: items.at(-1)?.Name };
        items.push(connection);
      }
      return { items };
    },
  };
}

function isMatch(connection: Connection, filter: GetConnectionsFilter): boolean {
  return (
    (filter.ConnectionType === undefined || filter.ConnectionType === connection.ConnectionType) &&
    (filter.ConnectionSchemaVersion === undefined ||
      filter.ConnectionSchemaVersion === connection.ConnectionSchemaVersion) &&
    (filter.MatchCriteria ?? []).every((criterion) => connection.MatchCriteria?.includes(criterion))
  );
}

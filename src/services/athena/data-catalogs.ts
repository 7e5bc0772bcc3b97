// Athena's operations on data catalogs: AwsDataCatalog is always there, others are remembered and cannot be queried.
import type { CreateDataCatalogInput, DataCatalog } from '@aws-sdk/client-athena';
import { invalidRequest } from '../../query/execution/invalid-request.js';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';
import type { Checked, Operations } from '../../wire/service.js';
import { pageOf } from './page.js';
import { dataCatalogPath, type AthenaTags } from './tags.js';

/** AWS's model: ListDataCatalogs answers with at most so many at once. */
const PAGE_MAX = 50;
export const OWN_CATALOG = 'AwsDataCatalog';

export function dataCatalogOperations({ state, tags }: { state: State; tags: AthenaTags }) {
  const documents = openDocuments<DataCatalog>(state, 'athena-data-catalog');
  const find = (name: string, accountId: string) =>
    name.toLowerCase() === OWN_CATALOG.toLowerCase() ? ownCatalog(accountId) : documents.get(name);
  const require = (name: string, accountId: string) => {
    const catalog = find(name, accountId);
    if (!catalog) throw invalidRequest(`DataCatalog ${name} was not found`);
    return catalog;
  };
  const refuseOwn = (name: string) => {
    if (name.toLowerCase() === OWN_CATALOG.toLowerCase())
      throw invalidRequest(`${OWN_CATALOG} cannot be changed or deleted`);
  };
  return {
    CreateDataCatalog: (input, { accountId }) =>
      state.transaction(() => {
        refuseFederation(input);
        if (find(input.Name, accountId))
          throw invalidRequest(`DataCatalog ${input.Name} has already been created`);
        const { Name, Type, Description, Parameters } = input;
        const catalog: DataCatalog = { Name, Type, Description, Parameters, Status: 'CREATE_COMPLETE' };
        documents.put(Name, catalog);
        tags.put(dataCatalogPath(Name), input.Tags ?? []);
        return { DataCatalog: catalog };
      }),
    GetDataCatalog: ({ Name }, { accountId }) => ({ DataCatalog: require(Name, accountId) }),
    UpdateDataCatalog({ Name, Type, Description, Parameters }, { accountId }) {
      refuseOwn(Name);
      const catalog = require(Name, accountId);
      documents.put(Name, {
        ...catalog,
        Type,
        Description: Description ?? catalog.Description,
        Parameters: Parameters ?? catalog.Parameters,
      });
      return {};
    },
    DeleteDataCatalog: ({ Name }, { accountId }) =>
      state.transaction(() => {
        refuseOwn(Name);
        const catalog = require(Name, accountId);
        documents.delete(Name);
        tags.delete(dataCatalogPath(Name));
        return { DataCatalog: { ...catalog, Status: 'DELETE_COMPLETE' as const } };
      }),
    ListDataCatalogs(input, { accountId }) {
      const all = () =>
        [ownCatalog(accountId), ...documents.list().map(({ document }) => document)].sort((a, b) =>
          (a.Name as string) < (b.Name as string) ? -1 : 1,
        );
      const [page, token] = pageOf(
        input,
        PAGE_MAX,
        (after, count) =>
          all()
            .filter(({ Name = '' }) => after === undefined || Name > after)
            .slice(0, count),
        ({ Name = '' }) => Name,
      );
      return {
        DataCatalogsSummary: page.map(({ Name, Type, Status }) => ({ CatalogName: Name, Type, Status })),
        ...token,
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-athena')>;
}

function ownCatalog(accountId: string): DataCatalog {
  return {
    Name: OWN_CATALOG,
    Type: 'GLUE',
    Parameters: { 'catalog-id': accountId },
    Status: 'CREATE_COMPLETE',
  };
}

function refuseFederation({ Type }: Checked<CreateDataCatalogInput>): void {
  if (Type === 'FEDERATED')
    throw invalidRequest(
      'Catalogs of type FEDERATED are not supported here; the types LAMBDA, HIVE and GLUE are remembered.',
    );
}

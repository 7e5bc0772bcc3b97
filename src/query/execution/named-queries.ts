// Named queries: texts that are kept for people, by an identifier.
import type { NamedQuery } from '@aws-sdk/client-athena';
import type { Ids } from '../../base/ids.js';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';

export type NamedQueryRecord = NamedQuery & {
  NamedQueryId: string;
  WorkGroup: string;
  token?: string | undefined;
};

export interface NamedQueries {
  find(id: string): NamedQueryRecord | undefined;
  findByToken(token: string): NamedQueryRecord | undefined;
  create(query: Omit<NamedQueryRecord, 'NamedQueryId'>): string;
  put(query: NamedQueryRecord): void;
  delete(id: string): boolean;
  /** Of a workgroup, in the order of their identifiers. */
  list(workGroup: string, options?: { after?: string; count?: number }): NamedQueryRecord[];
}

export function openNamedQueries(state: State, { ids }: { ids: Ids }): NamedQueries {
  const documents = openDocuments<NamedQueryRecord>(state, 'athena-named-query');
  const all = () => documents.list().map(({ document }) => document);
  return {
    find: (id) => documents.get(id),
    findByToken: (token) => all().find((query) => query.token === token),
    create(query) {
      const NamedQueryId = ids.uuid();
      documents.put(NamedQueryId, { ...query, NamedQueryId });
      return NamedQueryId;
    },
    put: (query) => documents.put(query.NamedQueryId, query),
    delete: (id) => documents.delete(id),
    list: (workGroup, { after = '', count = Infinity } = {}) =>
      all()
        .filter((query) => query.WorkGroup === workGroup && query.NamedQueryId > after)
        .slice(0, count),
  };
}

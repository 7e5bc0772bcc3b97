// Resources that a name alone identifies: kept as documents, created once, found or refused.
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Page, PageOptions } from './catalog.js';
import { pageOf } from './page.js';

export interface NamedResources<T> {
  /** @throws AwsError AlreadyExistsException */
  create(name: string, resource: T): void;
  find(name: string): T | undefined;
  /** @throws AwsError EntityNotFoundException */
  require(name: string): T;
  /** Replaces one that is there. @throws AwsError EntityNotFoundException */
  replace(name: string, change: (old: T) => T): void;
  /** @throws AwsError EntityNotFoundException */
  delete(name: string): void;
  /** In order of names, those that begin with `prefix`. */
  list(options?: PageOptions & { prefix?: string }): Page<T>;
}

/**
 * @param kind where they are kept, e.g. `connection`
 * @param noun what messages call one, e.g. `Connection`
 */
export function openNamedResources<T>(state: State, kind: string, noun: string): NamedResources<T> {
  const documents = openDocuments<T>(state, kind);
  const requireOne = (name: string): T => {
    const resource = documents.get(name);
    if (resource === undefined) throw new AwsError('EntityNotFoundException', `${noun} ${name} not found.`);
    return resource;
  };
  return {
    create: (name, resource) =>
      state.transaction(() => {
        if (documents.get(name) !== undefined) {
          throw new AwsError('AlreadyExistsException', `${noun} ${name} already exists.`);
        }
        documents.put(name, resource);
      }),
    find: (name) => documents.get(name),
    require: requireOne,
    replace: (name, change) => state.transaction(() => documents.put(name, change(requireOne(name)))),
    delete(name) {
      requireOne(name);
      documents.delete(name);
    },
    list: ({ prefix = '', ...options } = {}) =>
      pageOf(
        options,
        (after = '', count) => documents.list({ after, prefix, count }),
        (row) => row.key,
        (row) => row.document,
      ),
  };
}

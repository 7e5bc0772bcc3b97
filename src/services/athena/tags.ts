// Athena's operations on tags, of workgroups and data catalogs.
import type { Tag } from '@aws-sdk/client-athena';
import { invalidRequest } from '../../query/execution/invalid-request.js';
import type { Queries } from '../../query/execution/open-queries.js';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';

/** AWS docs: at most so many tags on one resource. */
const TAGS_MAX = 50;
const PAGE_MAX = 75;

/** Resources are named by their path in the ARN: `workgroup/primary`. */
export interface AthenaTags {
  put(path: string, tags: readonly Tag[]): void;
  delete(path: string): void;
  /** @throws AwsError for what is no ARN of a resource that is there */
  of(arn: string): { path: string; tags: Record<string, string> };
  set(path: string, tags: Record<string, string>): void;
}

export const workGroupPath = (name: string) => `workgroup/${name}`;
export const dataCatalogPath = (name: string) => `datacatalog/${name}`;

export function openAthenaTags(state: State, { workGroups }: Queries): AthenaTags {
  const documents = openDocuments<Record<string, string>>(state, 'athena-tags');
  const catalogs = openDocuments<object>(state, 'athena-data-catalog');
  const set = (path: string, tags: Record<string, string>) => {
    if (Object.keys(tags).length > TAGS_MAX) throw invalidRequest(`A resource has at most ${TAGS_MAX} tags.`);
    const reserved = Object.keys(tags).find((key) => /^aws:/i.test(key));
    if (reserved !== undefined)
      throw invalidRequest(`The tag key '${reserved}' begins with aws:, which is reserved.`);
    documents.put(path, tags);
  };
  return {
    put: (path, tags) => set(path, Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))),
    delete: (path) => void documents.delete(path),
    set,
    of(arn) {
      const match = /^arn:aws[a-z-]*:athena:[^:]*:\d{12}:((workgroup|datacatalog)\/(.+))$/.exec(arn);
      if (!match) throw invalidRequest(`'${arn}' is not the ARN of a workgroup or a data catalog.`);
      const [, path = '', kind, name = ''] = match;
      const isThere = kind === 'workgroup' ? workGroups.has(name) : catalogs.get(name) !== undefined;
      if (!isThere) {
        throw new AwsError('ResourceNotFoundException', `Resource ${arn} was not found`, {
          members: { ResourceName: arn },
        });
      }
      return { path, tags: documents.get(path) ?? {} };
    },
  };
}

export function tagOperations({ tags }: { tags: AthenaTags }) {
  return {
    TagResource({ ResourceARN, Tags }) {
      const { path, tags: known } = tags.of(ResourceARN);
      tags.set(path, {
        ...known,
        ...Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      });
      return {};
    },
    UntagResource({ ResourceARN, TagKeys }) {
      const { path, tags: known } = tags.of(ResourceARN);
      tags.set(path, Object.fromEntries(Object.entries(known).filter(([key]) => !TagKeys.includes(key))));
      return {};
    },
    ListTagsForResource(input) {
      const all = Object.entries(tags.of(input.ResourceARN).tags).map(([Key, Value]) => ({ Key, Value }));
      const [page, token] = pageOf(
        input,
        PAGE_MAX,
        (after, count) => all.filter(({ Key }) => after === undefined || Key > after).slice(0, count),
        ({ Key }) => Key,
      );
      return { Tags: page, ...token };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-athena')>;
}

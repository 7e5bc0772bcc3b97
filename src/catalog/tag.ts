// Tags of everything in Glue that has an ARN.
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { glueArn } from './names.js';

type TagMap = Record<string, string>;

/** AWS docs: at most so many tags on one resource. */
const TAGS_MAX = 50;

/** Resources are named by their path in the ARN, e.g. `table/sales/orders`. */
export interface Tags {
  /** Makes resources of a kind, the first word of the path, taggable; `exists` gets the rest of the path. */
  registerKind(kind: string, exists: (name: string) => boolean): void;
  /** For a resource that is being made. @throws AwsError InvalidInputException for tags that are not allowed */
  create(path: string, tags: TagMap | undefined): void;
  /** For a resource that is deleted. */
  delete(path: string): void;
  /** The methods below take ARNs. @throws AwsError EntityNotFoundException when there is no such resource */
  get(arn: string): TagMap;
  add(arn: string, tags: TagMap): void;
  remove(arn: string, keys: readonly string[]): void;
}

export function openTags(state: State, { accountId, region }: { accountId: string; region: string }): Tags {
  const documents = openDocuments<TagMap>(state, 'glue-tags');
  const kinds = new Map<string, (name: string) => boolean>();

  const pathOf = (arn: string): string => {
    const match = /^arn:aws(?:-[a-z-]+)?:glue:[^:]*:([^:]*):(([^/]+)\/(.+))$/s.exec(arn);
    if (!match) {
      throw new AwsError(
        'InvalidInputException',
        `'${arn}' is not the ARN of a Glue resource: it has the form ${glueArn(region, accountId, 'table/DATABASE/TABLE')}.`,
      );
    }
    // Any region: there is one Glue here, and each caller builds ARNs with its own region.
    const [, arnAccount, path, kind, name] = match as unknown as [string, ...string[]];
    const exists = arnAccount === accountId && kinds.get(kind as string)?.(name as string);
    if (!exists) throw new AwsError('EntityNotFoundException', `Resource ${arn} not found.`);
    return path as string;
  };

  const put = (path: string, tags: TagMap) => {
    const refused = Object.keys(tags).find((key) => key === '' || /^aws:/i.test(key));
    if (refused !== undefined) {
      throw new AwsError(
        'InvalidInputException',
        `Tag key '${refused}' is not allowed: it is empty or begins with aws:.`,
      );
    }
    const count = Object.keys(tags).length;
    if (count > TAGS_MAX) {
      throw new AwsError('InvalidInputException', `A resource has at most ${TAGS_MAX} tags, not ${count}.`);
    }
    if (count === 0) documents.delete(path);
    else documents.put(path, tags);
  };

  return {
    registerKind: (kind, exists) => void kinds.set(kind, exists),
    create: (path, tags = {}) => put(path, tags),
    delete: (path) => void documents.delete(path),
    get: (arn) => documents.get(pathOf(arn)) ?? {},
    add: (arn, tags) =>
      state.transaction(() => {
        const path = pathOf(arn);
        put(path, { ...documents.get(path), ...tags });
      }),
    remove: (arn, keys) =>
      state.transaction(() => {
        const path = pathOf(arn);
        const kept = Object.entries(documents.get(path) ?? {}).filter(([key]) => !keys.includes(key));
        put(path, Object.fromEntries(kept));
      }),
  };
}

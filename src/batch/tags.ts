// Tags of Batch's resources, which are kept with what they are on.
import { clientError } from './batch-error.js';

export type TagMap = Record<string, string>;

const TAGS_MAX = 50;

/** @throws AwsError ClientException for more than 50 tags, or a key that AWS keeps for itself */
export function checkedTags(tags: TagMap | undefined): TagMap {
  const entries = Object.entries(tags ?? {});
  const reserved = entries.find(([key]) => /^aws:/i.test(key));
  if (reserved) throw clientError(`Tag key ${reserved[0]} is not allowed: it begins with aws:.`);
  if (entries.length > TAGS_MAX) {
    throw clientError(`A resource has at most ${TAGS_MAX} tags, not ${entries.length}.`);
  }
  return Object.fromEntries(entries);
}

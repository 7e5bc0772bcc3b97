// The versions of a table that tell what it was before crawls: none is asked for where the current one says it all.
import type { CatalogAccess, ObjectOf } from '../../change/index.js';
import { isBefore, type Crawl } from './crawl.js';
import { readVersions } from './read-versions.js';
import { isReachedBack } from './table-states.js';

type Table = ObjectOf<'table'>;

/** Newest first, as far back as is needed to know what was before the crawls. */
export async function versionsSince(
  access: CatalogAccess,
  current: Table,
  crawls: readonly Crawl[],
  before: Table | undefined,
): Promise<Table[]> {
  const { UpdateTime, CreateTime } = current.provenance;
  const [first] = crawls;
  if (!first || isBefore(first, UpdateTime ?? CreateTime)) return [current];
  if (before && isNextVersion(before, current)) return [current];
  if (isFirstVersion(current)) return [current];
  return readVersions(access, current.key, (versions) => isReachedBack(versions, crawls));
}

/** Numbers of versions begin with 0 (seen in GetTableVersions answers), and those of a name that is made anew begin again. */
function isFirstVersion({ provenance: { VersionId } }: Table): boolean {
  return VersionId !== undefined && Number(VersionId) === 0;
}

/** Whether there is no version between the two, nor another table of the name. */
function isNextVersion({ provenance: one }: Table, { provenance: next }: Table): boolean {
  return (
    one.CreateTime !== undefined &&
    one.CreateTime.getTime() === next.CreateTime?.getTime() &&
    Number(one.VersionId) + 1 === Number(next.VersionId)
  );
}

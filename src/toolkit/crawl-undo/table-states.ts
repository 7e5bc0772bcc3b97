// What a table was before a crawl and what the crawl made of it, from its versions first and from snapshots where those end.
import type { TableInput } from '@aws-sdk/client-glue';
import { definitionDifferences, type Evidence, type Knowledge, type ObjectOf } from '../../change/index.js';
import {
  bearsMarkOf,
  isBefore,
  isCrawlersTouch,
  isWithin,
  secondOf,
  toldDeleted,
  type Crawl,
} from './crawl.js';
import { unlessDoubted, type Doubts, type SeenKnowledge } from './object-knowledge.js';

type Table = ObjectOf<'table'>;

/** `base` is what the crawl left, `wanted` what was before. */
export interface States {
  base: Knowledge;
  wanted: Knowledge;
}

export interface TableEvidence {
  TableName: string;
  current: Table | undefined;
  /** Newest first, the current one included; at least back to the one that was current when the first crawl began. */
  versions: readonly Table[];
  /** From snapshots. */
  before: SeenKnowledge;
  after: SeenKnowledge;
  /** The version that `before` is of. */
  beforeVersionId?: string | undefined;
  doubts: Doubts;
  /** Versions that undos and redos of the crawler made: between crawls they are no edits. */
  ours?: ReadonlySet<Table>;
}

/**
 * Undefined when nothing shows that one of the crawls (in the order of time) touched the table. Of several versions that
 * bear a crawl's mark the first is the crawl's, for people's edits keep the mark; those after it are the crawl's when they
 * touch nothing but parameters of crawlers. The state that the crawls left is the last one before somebody else's first edit.
 */
export function tableStates(evidence: TableEvidence, crawls: readonly Crawl[]): States | undefined {
  if (!evidence.current) return statesOfAbsent(evidence, crawls);
  const versions = [...evidence.versions].reverse();
  const { ours = new Set<Table>() } = evidence;
  const written = writtenBy(versions, crawls);
  const first = versions.findIndex((version) => written.has(version));
  if (first < 0) return statesBySnapshots(evidence, crawls);
  let last = first;
  for (let at = first + 1; at < versions.length; at++) {
    if (written.has(versions[at] as Table)) last = at;
    else if (!ours.has(versions[at] as Table)) break;
  }
  return {
    base: versionKnowledge(versions[last] as Table),
    wanted: beforeVersion(evidence, versions, first, crawls),
  };
}

/** @param versions oldest first */
function writtenBy(versions: readonly Table[], crawls: readonly Crawl[]): Set<Table> {
  const written = new Set<Table>();
  for (const crawl of crawls) {
    let last: Table | undefined;
    for (const version of versions) {
      if (!isWithin(crawl, timeOf(version)) || !bearsMarkOf(crawl, version)) continue;
      if (last && !isCrawlersTouch(last, version)) break;
      written.add(version);
      last = version;
    }
  }
  return written;
}

function timeOf({ provenance }: Table): Date | undefined {
  return provenance.UpdateTime ?? provenance.CreateTime;
}

function beforeVersion(
  { before, beforeVersionId }: TableEvidence,
  versions: readonly Table[],
  first: number,
  crawls: readonly Crawl[],
): Knowledge {
  const version = versions[first] as Table;
  const number = numberOf(version);
  const previous = versions[first - 1];
  if (previous && numberOf(previous) === number - 1) return versionKnowledge(previous);
  const isSameTable =
    before.known && before.CreateTime?.getTime() === version.provenance.CreateTime?.getTime();
  if (isSameTable && beforeVersionId === String(number - 1)) return before;
  if (number === 0 || isAsMade(version)) {
    return creationKnowledge(version.provenance.CreateTime, crawls, before);
  }
  return {
    known: false,
    reason:
      `its version before the crawl${Number.isNaN(number) ? '' : `, ${number - 1},`} is not kept any more` +
      (before.doubt === undefined ? '' : `, and ${before.doubt}`),
  };
}

/** Numbers of versions begin with 0 (seen in GetTableVersions answers); not a number where another Glue counts otherwise. */
function numberOf({ provenance }: Table): number {
  return Number(provenance.VersionId ?? NaN);
}

/** Where a Glue counts versions from another number, the one that was never updated is the first all the same. */
function isAsMade({ provenance: { CreateTime, UpdateTime = CreateTime } }: Table): boolean {
  return CreateTime !== undefined && secondOf(CreateTime) === secondOf(UpdateTime as Date);
}

function creationKnowledge(
  CreateTime: Date | undefined,
  crawls: readonly Crawl[],
  before: SeenKnowledge,
): Knowledge {
  // A snapshot that is damaged tells at least that it was there.
  if (before.doubt !== undefined) return { known: false, reason: before.doubt };
  const crawl = crawls.find((one) => isWithin(one, CreateTime));
  if (!crawl || !CreateTime) {
    return { known: false, reason: 'it was not made during the crawl, and no earlier version of it is kept' };
  }
  if (before.known && before.definition) return before;
  return {
    known: true,
    evidence: [creationEvidence(CreateTime, crawl), ...(before.known ? before.evidence : [])],
  };
}

export function creationEvidence(created: Date, { start, end }: Crawl): Evidence {
  return {
    from: 'creation-time',
    createTime: created.toISOString(),
    windowStart: start.toISOString(),
    ...(end ? { windowEnd: end.toISOString() } : {}),
  };
}

function versionKnowledge({ definition, provenance }: Table): Knowledge {
  const { VersionId = 'unknown', UpdateTime } = provenance;
  const updateTime = UpdateTime ? { updateTime: UpdateTime.toISOString() } : {};
  return { known: true, definition, evidence: [{ from: 'table-version', VersionId, ...updateTime }] };
}

/** Where the crawl's version is not among those that are kept; also of a table that was removed and made again since. */
function statesBySnapshots(
  { current, before, after, doubts }: TableEvidence,
  crawls: readonly Crawl[],
): States | undefined {
  if (
    !after.known &&
    after.doubt !== undefined &&
    crawls.some((crawl) => bearsMarkOf(crawl, current as Table))
  ) {
    return { base: after, wanted: unlessDoubted(before, doubts.before) };
  }
  if (!after.known || !after.definition) return undefined;
  const left = { ...(current as Table), definition: after.definition } as Table;
  if (!crawls.some((crawl) => bearsMarkOf(crawl, left))) return undefined;
  const base = unlessDoubted(after, doubts.after);
  if (!before.known || !before.definition) {
    const wanted = creationKnowledge(after.CreateTime, crawls, before);
    return wanted.known || before.doubt !== undefined ? { base, wanted } : undefined;
  }
  const differences = definitionDifferences<'table'>(
    'table',
    before.definition as TableInput,
    after.definition as TableInput,
  );
  const isChanged = differences.length > 0 || before.doubt !== undefined;
  return isChanged ? { base, wanted: unlessDoubted(before, doubts.before) } : undefined;
}

/** A table that is gone has no versions: what it was is known from a snapshot only. */
function statesOfAbsent(
  { TableName, before, after, doubts }: TableEvidence,
  crawls: readonly Crawl[],
): States | undefined {
  const told = toldDeleted(crawls, 'tables', TableName);
  const isGoneAfter = after.known && after.definition === undefined;
  if (!before.known) {
    const isDeleted = told?.isTold ?? (before.doubt !== undefined && isGoneAfter);
    return isDeleted ? { base: { known: true, evidence: told?.evidence ?? [] }, wanted: before } : undefined;
  }
  if (!before.definition) return undefined;
  const mark = (before.definition as TableInput).Parameters?.['UPDATED_BY_CRAWLER'];
  if (!crawls.some(({ crawlerName }) => crawlerName === mark)) return undefined;
  if (!(told?.isTold ?? isGoneAfter)) {
    const reason = 'it is gone, and nothing shows that the crawl deleted it';
    return { base: { known: false, reason }, wanted: before };
  }
  const evidence = [...(told?.evidence ?? []), ...(isGoneAfter ? after.evidence : [])];
  // Another crawl may have deleted it before the snapshot from after was taken, unless the history says which one did.
  return {
    base: unlessDoubted({ known: true, evidence }, told?.isTold ? undefined : doubts.after),
    wanted: unlessDoubted(before, doubts.before),
  };
}

/** Whether versions go back far enough: to one from before all crawls, or to the first there ever was. */
export function isReachedBack(versions: readonly Table[], crawls: readonly Crawl[]): boolean {
  const oldest = versions.at(-1);
  const [first] = crawls;
  return oldest !== undefined && first !== undefined && isBefore(first, timeOf(oldest));
}

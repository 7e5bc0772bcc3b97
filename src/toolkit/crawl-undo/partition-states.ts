// What a partition was before a crawl and what the crawl made of it. Partitions have neither versions nor a time of their
// last change, so only their creation shows by itself; everything else needs a snapshot from before and one from after.
import { isSameDefinition, type Knowledge, type ObjectOf } from '../../change/index.js';
import {
  isBefore,
  isMadeByCrawler,
  isOfManifests,
  isWithin,
  toldDeleted,
  type Crawl,
  type SummaryAction,
} from './crawl.js';
import { unlessDoubted, type Doubts, type SeenKnowledge } from './object-knowledge.js';
import { creationEvidence, type States } from './table-states.js';

type Partition = ObjectOf<'partition'>;

export interface PartitionEvidence {
  TableName: string;
  current: Partition | undefined;
  /** From snapshots. */
  before: SeenKnowledge;
  after: SeenKnowledge;
  doubts: Doubts;
}

/** Undefined when nothing shows that one of the crawls touched the partition. */
export function partitionStates(evidence: PartitionEvidence, crawls: readonly Crawl[]): States | undefined {
  const { current, before, after } = evidence;
  const wasThere = before.known && before.definition !== undefined;
  if (!current) return wasThere ? statesOfAbsent(evidence, crawls) : undefined;
  // One that a redo has made again is younger than the crawl; the snapshot from after the crawl knows when it was made.
  const times = [current.provenance.CreateTime, after.CreateTime];
  const created = times.find((time) => crawls.some((one) => isWithin(one, time)));
  const crawl = crawls.find((one) => isWithin(one, created));
  if (created && crawl && !wasThere) return statesOfCreated({ ...evidence, current }, created, crawl);
  if (!before.known && before.doubt !== undefined) return statesOfDamaged({ ...evidence, current }, crawls);
  if (!before.known || !wasThere) return undefined;
  return statesOfUpdated({ ...evidence, current }, before, crawls);
}

/** Told is which tables partitions were written of, not which: what a crawl writes has to show it, too. */
function isCrawlers(partition: Partition, action: SummaryAction, crawls: readonly Crawl[]): boolean {
  if (isMadeByCrawler(partition)) return true;
  return isOfManifests(partition) && isToldOf(action, partition.key.TableName, crawls);
}

function isToldOf(action: SummaryAction, TableName: string, crawls: readonly Crawl[]): boolean {
  return crawls.some(({ summary }) => summary?.partitions[action].has(TableName));
}

function statesOfCreated(
  { current, before, after }: PartitionEvidence & { current: Partition },
  created: Date,
  crawl: Crawl,
): States | undefined {
  if (!isCrawlers(current, 'ADD', [crawl])) return undefined;
  const evidence = creationEvidence(created, crawl);
  // Without a snapshot from after the crawl, an edit since then cannot be seen.
  const found: Knowledge = { known: true, definition: current.definition, evidence: [evidence] };
  const isSeenAfter = after.doubt !== undefined || (after.known && after.definition !== undefined);
  return {
    base: isSeenAfter ? unlessDoubted(after, undefined) : found,
    wanted: unlessDoubted(
      { known: true, evidence: [evidence, ...(before.known ? before.evidence : [])] },
      before.doubt,
    ),
  };
}

/** Nobody knows what it was; said of those only that the crawls may have changed. */
function statesOfDamaged(
  { TableName, current, before, after }: PartitionEvidence & { current: Partition },
  crawls: readonly Crawl[],
): States | undefined {
  const [first] = crawls;
  const { CreateTime } = current.provenance;
  const isOlder = first !== undefined && (CreateTime === undefined || isBefore(first, CreateTime));
  const isTold = crawls.some(({ summary }) => !summary || summary.partitions.UPDATE.has(TableName));
  return isOlder && isTold && isMadeByCrawler(current) ? { base: after, wanted: before } : undefined;
}

function statesOfUpdated(
  { TableName, current, after, doubts }: PartitionEvidence & { current: Partition },
  before: SeenKnowledge & { known: true },
  crawls: readonly Crawl[],
): States | undefined {
  const isSame = (one: Knowledge & { known: true }, other: Knowledge & { known: true }) =>
    isSameDefinition(
      'partition',
      one.definition as Partition['definition'],
      other.definition as Partition['definition'],
    );
  if (after.known) {
    const left = after.definition as Partition['definition'] | undefined;
    if (isSame(before, after) || !left) return undefined;
    if (!isCrawlers({ ...current, definition: left }, 'UPDATE', crawls)) return undefined;
    return { base: unlessDoubted(after, doubts.after), wanted: unlessDoubted(before, doubts.before) };
  }
  const now = { known: true as const, definition: current.definition, evidence: [] };
  const isTold = isToldOf('UPDATE', TableName, crawls);
  if (isSame(before, now) || (!isTold && crawls.some(({ summary }) => summary))) return undefined;
  const reason =
    'it changed since the snapshot from before the crawl, and no snapshot from after it shows by whom';
  return { base: { known: false, reason: after.doubt ?? reason }, wanted: unlessDoubted(before, undefined) };
}

function statesOfAbsent(
  { TableName, before, after, doubts }: PartitionEvidence,
  crawls: readonly Crawl[],
): States | undefined {
  const told = toldDeleted(crawls, 'partitions', TableName);
  const isGoneAfter = after.known && after.definition === undefined;
  const isStillThereAfter = after.known && after.definition !== undefined;
  if (isStillThereAfter || !(told?.isTold ?? isGoneAfter)) {
    const reason = 'it is gone, and nothing shows that the crawl deleted it';
    return { base: { known: false, reason }, wanted: before };
  }
  const evidence = [...(told?.evidence ?? []), ...(isGoneAfter ? after.evidence : [])];
  return {
    base: unlessDoubted({ known: true, evidence }, doubts.after),
    wanted: unlessDoubted(before, doubts.before),
  };
}

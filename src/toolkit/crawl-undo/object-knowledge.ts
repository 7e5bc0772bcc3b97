// What snapshots tell of a table and its partitions around a crawl: before it, after it, or nothing.
import type { Evidence, Knowledge, ObjectOf } from '../../change/index.js';
import { mayHaveWritten, type Crawl } from './crawl.js';
import type { Side, TableView } from './table-view.js';

/**
 * What is known, and when what is known of was made. With a `doubt` it is what a snapshot further away saw, or nothing: the nearest one
 * is damaged.
 */
export type SeenKnowledge = Knowledge & { CreateTime?: Date | undefined; doubt?: string | undefined };

export function tableKnowledge(view: TableView | undefined, side: Side): SeenKnowledge {
  if (!view) return unknown(side);
  const { table, damage, evidence } = view;
  return seen({ evidence: table?.evidence ?? evidence, found: table?.table, damage });
}

export async function partitionKnowledge(
  view: TableView | undefined,
  side: Side,
  Values: readonly string[],
): Promise<SeenKnowledge> {
  if (!view) return unknown(side);
  const { evidence, found, damage } = await view.partition(Values);
  return found || !view.isPartial ? seen({ evidence, found: found?.partition, damage }) : unknown(side);
}

/**
 * Why what was seen on a side is not what there was right before the crawls, or what they left: another crawl wrote in between.
 * Undefined when none did.
 */
export function doubtAbout(
  view: Pick<TableView, 'seenFrom' | 'seenUntil'> | undefined,
  side: Side,
  TableName: string,
  { crawls, others = [] }: { crawls: readonly Crawl[]; others?: readonly Crawl[] | undefined },
): string | undefined {
  const [first, last] = [crawls[0], crawls.at(-1)];
  if (!view || !first || !last) return undefined;
  const between = others.find((other) => {
    const { start, end } = other;
    const isBetween =
      side === 'before'
        ? start < first.start && (end === undefined || end > view.seenFrom)
        : start > last.start && start < view.seenUntil;
    return isBetween && mayHaveWritten(other, TableName);
  });
  if (!between) return undefined;
  const name = between.crawlId === undefined ? 'another crawl' : `crawl ${between.crawlId}`;
  return `${name} wrote into its table between this crawl and the snapshot from ${side} it`;
}

/** Why what was seen on each side of the crawls may not be what they found and left; see `doubtAbout`. */
export interface Doubts {
  before: string | undefined;
  after: string | undefined;
}

export function unlessDoubted(knowledge: SeenKnowledge, doubt: string | undefined): Knowledge {
  const reason = knowledge.doubt ?? doubt;
  return reason === undefined ? knowledge : { known: false, reason };
}

function unknown(side: Side): SeenKnowledge {
  return { known: false, reason: `no snapshot from ${side} the crawl covers it` };
}

function seen({
  evidence,
  found,
  damage: doubt,
}: {
  evidence: Evidence;
  found: ObjectOf<'table'> | ObjectOf<'partition'> | undefined;
  damage?: string | undefined;
}): SeenKnowledge {
  if (doubt !== undefined && !found) return { known: false, reason: doubt, doubt };
  const CreateTime = found?.provenance.CreateTime;
  return { known: true, definition: found?.definition, evidence: [evidence], CreateTime, doubt };
}

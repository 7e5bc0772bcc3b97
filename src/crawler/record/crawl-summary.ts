// What a crawl changed, in figures: for ListCrawls, GetCrawlerMetrics and the crawl's log.

export type Action = 'create' | 'update' | 'delete';

/** Names of the tables by what happened to them; for partitions the tables they belong to and how many there were. */
export interface CrawlSummary {
  tables: Record<Action, string[]>;
  partitions: Record<Action, { tables: string[]; count: number }>;
}

/** AWS's words for the actions, in the order in which they are reported. */
const WORDS = [
  ['create', 'ADD'],
  ['update', 'UPDATE'],
  ['delete', 'DELETE'],
] as const;

/**
 * The Summary member of ListCrawls: JSON text whose leaves are JSON texts again; undefined when nothing changed. The
 * outer form is what public code parses; `Count`, and what the names of a partition entry are, are guesses.
 */
export function summaryText(summary: CrawlSummary): string | undefined {
  const leaf = (names: string[], count: number) => JSON.stringify({ Details: { names }, Count: count });
  const table: Record<string, string> = {};
  const partition: Record<string, string> = {};
  for (const [action, word] of WORDS) {
    const names = summary.tables[action];
    if (names.length > 0) table[word] = leaf(names, names.length);
    const { tables, count } = summary.partitions[action];
    if (count > 0) partition[word] = leaf(tables, count);
  }
  const parts = {
    ...(Object.keys(table).length > 0 ? { TABLE: table } : {}),
    ...(Object.keys(partition).length > 0 ? { PARTITION: partition } : {}),
  };
  return Object.keys(parts).length > 0 ? JSON.stringify(parts) : undefined;
}

/** The summary as the crawl's log has it, partitions before tables (seen in a public log). */
export function summaryLines(summary: CrawlSummary): string[] {
  const section = (title: string, counts: [string, number][]) => {
    const lines = counts.filter(([, count]) => count > 0).map(([word, count]) => `${word}: ${count}`);
    return lines.length > 0 ? [`Run Summary For ${title}:`, ...lines] : [];
  };
  return [
    ...section(
      'PARTITION',
      WORDS.map(([action, word]) => [word, summary.partitions[action].count]),
    ),
    ...section(
      'TABLE',
      WORDS.map(([action, word]) => [word, summary.tables[action].length]),
    ),
  ];
}

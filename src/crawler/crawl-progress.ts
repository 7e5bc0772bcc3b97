// How far a crawl is, for people who watch it.

export interface CrawlProgress {
  phase: 'listing' | 'reading' | 'deciding' | 'writing';
  objectCount: number;
  fileCount: number;
  tableCount: number;
  /** Changes made to the catalog, and how many there will be. */
  appliedCount: number;
  changeCount: number;
}

export function newProgress(): CrawlProgress {
  return { phase: 'listing', objectCount: 0, fileCount: 0, tableCount: 0, appliedCount: 0, changeCount: 0 };
}

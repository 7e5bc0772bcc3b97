// What every bench gets and gives.
import type { Result } from './measure.js';

export interface BenchContext {
  /** An empty folder of the bench's own, removed when it ends, however it ends. */
  folder: string;
  /** Less data and fewer rounds: to see that it works, not to quote. */
  isQuick: boolean;
  /** How large the large files are, in millions of bytes. */
  sizeMB: number;
  /** A line of progress on stderr. */
  note: (line: string) => void;
  /** Called when the bench ends, however it ends, the latest registered first. */
  defer: (end: () => Promise<void> | void) => void;
}

export interface Bench {
  /** The name of its file. */
  name: string;
  /** What it measures, in one line of help. */
  summary: string;
  run(context: BenchContext): Promise<Result[]>;
}

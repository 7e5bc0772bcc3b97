// What a check of a data directory finds.

export interface Finding {
  /** An `error` is something lost or contradictory; a `warning` has no effect on what is answered. */
  severity: 'error' | 'warning';
  /** What it is about: `state`, `catalog`, `s3`. */
  area: string;
  /** One sentence: what is wrong, with an example, and what to do if anything. */
  message: string;
}

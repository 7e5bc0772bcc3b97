// Comparing structures that may contain themselves.

/**
 * Answers for pairs that are compared again while, or after, they are compared: a pair under comparison is taken to hold, one
 * that failed has failed for good.
 */
export interface Pairs<Key> {
  /** `compare`'s answer, or what is known of the pair already. */
  holds(key: Key, compare: () => boolean): boolean;
}

/**
 * The greatest relation that `run` describes. `run` may use `holds` under `every`, `some` and the like, never under a
 * negation: then what fails although other pairs were taken to hold fails in any case. What held because of a pair that
 * failed later is compared again.
 */
export function greatestRelation<Key>(run: (pairs: Pairs<Key>) => boolean): boolean {
  const failed = new Set<Key>();
  for (;;) {
    const failedBefore = failed.size;
    const taken = new Set<Key>();
    const holds = run({
      holds(key, compare) {
        if (failed.has(key)) return false;
        if (taken.has(key)) return true;
        taken.add(key);
        if (compare()) return true;
        failed.add(key);
        return false;
      },
    });
    if (!holds || failed.size === failedBefore) return holds;
  }
}
